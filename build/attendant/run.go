package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

const (
	cannotRun = 127
	// A grandchild that outlives the service may hold its pipes open for ever.
	lastWords = 2 * time.Second
)

var passedOn = []os.Signal{
	syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2,
}

// run starts the program, waits for it and returns its exit status, 128+n when signal n ended it.
func run(folder, name string, command []string) int {
	syscall.Umask(0o077)
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, passedOn...)
	output, errors := newStream(folder, name, "stdout", os.Stdout), newStream(folder, name, "stderr", os.Stderr)
	service, closeOurEnds, problem := start(command, output, errors)
	if problem != nil {
		errors.keepLine([]byte(fmt.Sprintf("cannot run %s: %v\n", command[0], problem)))
		return cannotRun
	}
	var copying sync.WaitGroup
	for _, stream := range []*stream{output, errors} {
		copying.Add(1)
		go func() { defer copying.Done(); stream.copy() }()
	}
	closeOurEnds()
	go func() {
		for received := range signals {
			_ = syscall.Kill(service, received.(syscall.Signal))
		}
	}()
	status := collect(service)
	waitAtMost(&copying, lastWords)
	return status
}

func start(command []string, output, errors *stream) (int, func(), error) {
	program, problem := exec.LookPath(command[0])
	if problem != nil {
		return 0, nil, problem
	}
	toOutput, problem := output.open()
	if problem != nil {
		return 0, nil, problem
	}
	toErrors, problem := errors.open()
	if problem != nil {
		return 0, nil, problem
	}
	nothing, problem := os.Open(os.DevNull)
	if problem != nil {
		return 0, nil, problem
	}
	process, problem := os.StartProcess(program, append([]string{filepath.Clean(program)}, command[1:]...), &os.ProcAttr{
		Files: []*os.File{nothing, toOutput, toErrors},
	})
	closeOurEnds := func() { _ = nothing.Close(); _ = toOutput.Close(); _ = toErrors.Close() }
	if problem != nil {
		closeOurEnds()
		return 0, nil, problem
	}
	return process.Pid, closeOurEnds, nil
}

// collect waits for the service, and as the first process of the container for every orphan too.
func collect(service int) int {
	for {
		var status syscall.WaitStatus
		gone, problem := syscall.Wait4(-1, &status, 0, nil)
		if problem == syscall.EINTR {
			continue
		}
		if problem != nil {
			return cannotRun
		}
		if gone == service && status.Signaled() {
			return 128 + int(status.Signal())
		}
		if gone == service && status.Exited() {
			return status.ExitStatus()
		}
	}
}

func waitAtMost(group *sync.WaitGroup, limit time.Duration) {
	done := make(chan struct{})
	go func() { group.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(limit):
	}
}
