package main

import (
	"fmt"
	"net"
	"net/http"
	"time"
)

const probeTime = 2 * time.Second

func probeHTTP(address, path string) error {
	client := http.Client{Timeout: probeTime}
	answer, problem := client.Get("http://" + address + path)
	if problem != nil {
		return problem
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s%s answers %s", address, path, answer.Status)
	}
	return nil
}

func probeTCP(address string) error {
	connection, problem := net.DialTimeout("tcp", address, probeTime)
	if problem != nil {
		return problem
	}
	return connection.Close()
}
