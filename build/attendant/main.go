// Attendant is the first process of every container: it runs the service, keeps its log files beside
// those of the embedded stack, passes signals on, collects orphans, and answers the health check.
package main

import (
	"fmt"
	"os"
)

const usage = `attendant run FOLDER NAME PROGRAM [ARGUMENT...]
    Run PROGRAM; its output goes to FOLDER/NAME.<stream>.jsonl and to our own output.
attendant probe http HOST:PORT PATH
attendant probe tcp HOST:PORT
    Leave with 0 when the service answers 200, or accepts.`

func main() {
	arguments := os.Args[1:]
	switch {
	case len(arguments) >= 4 && arguments[0] == "run":
		os.Exit(run(arguments[1], arguments[2], arguments[3:]))
	case len(arguments) == 4 && arguments[0] == "probe" && arguments[1] == "http":
		os.Exit(told(probeHTTP(arguments[2], arguments[3])))
	case len(arguments) == 3 && arguments[0] == "probe" && arguments[1] == "tcp":
		os.Exit(told(probeTCP(arguments[2])))
	default:
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(64)
	}
}

func told(problem error) int {
	if problem == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, problem)
	return 1
}
