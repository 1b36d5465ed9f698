package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

const (
	rotateBytes  = 20 * 1000 * 1000
	keptFiles    = 5
	longestPiece = 64 * 1024
)

// stream copies one output of the service to its log file and to the engine's own log.
type stream struct {
	path   string
	engine io.Writer
	source *os.File
	file   *os.File
	size   int64
}

func newStream(folder, name, kind string, engine io.Writer) *stream {
	return &stream{path: filepath.Join(folder, fmt.Sprintf("%s.%s.jsonl", name, kind)), engine: engine}
}

// open returns the end that the service writes to.
func (s *stream) open() (*os.File, error) {
	source, sink, problem := os.Pipe()
	s.source = source
	return sink, problem
}

func (s *stream) copy() {
	lines := bufio.NewReaderSize(s.source, longestPiece)
	for {
		piece, problem := lines.ReadSlice('\n')
		s.keepLine(piece)
		if problem != nil && !errors.Is(problem, bufio.ErrBufferFull) {
			return
		}
	}
}

// keepLine never fails: a full disk must not stop the service.
func (s *stream) keepLine(piece []byte) {
	if len(piece) == 0 {
		return
	}
	_, _ = s.engine.Write(piece)
	if s.file == nil && !s.openFile() {
		return
	}
	written, _ := s.file.Write(piece)
	s.size += int64(written)
	if s.size >= rotateBytes && piece[len(piece)-1] == '\n' {
		s.rotate()
	}
}

func (s *stream) openFile() bool {
	file, problem := os.OpenFile(s.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if problem != nil {
		return false
	}
	s.file, s.size = file, 0
	if state, problem := file.Stat(); problem == nil {
		s.size = state.Size()
	}
	return true
}

func (s *stream) rotate() {
	_ = s.file.Close()
	s.file = nil
	for number := keptFiles - 1; number >= 1; number-- {
		_ = os.Rename(fmt.Sprintf("%s.%d", s.path, number), fmt.Sprintf("%s.%d", s.path, number+1))
	}
	_ = os.Rename(s.path, s.path+".1")
}
