package bounded

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"syscall"
)

// A File says which file is read, and what it must be.
type File struct {
	Name    string
	Limit   int64 // in bytes; what holds more is refused
	Private bool  // what others than its owner can read or change is refused
	Pipe    bool  // a pipe will do: then Read waits for who writes, so it belongs in a Call
}

// A FileError says why a file is not read, in words that name it.
type FileError struct {
	Err error // the system's; nil: the file is not what was asked for
	why string
}

func (e *FileError) Error() string { return e.why }
func (e *FileError) Unwrap() error { return e.Err }

// Read returns what the file holds. Nothing but a regular file, or a pipe
// where that will do, is opened: a device may do anything then. The error is
// a *FileError.
func (f File) Read() ([]byte, error) {
	info, err := os.Stat(f.Name)
	if err != nil {
		return nil, f.failed(err)
	}
	if err := f.check(info); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(f.Name, f.how(), 0)
	if err != nil {
		return nil, f.failed(err)
	}
	defer file.Close()
	// The name may stand for another file by now.
	if info, err = file.Stat(); err != nil {
		return nil, f.failed(err)
	}
	if err := f.check(info); err != nil {
		return nil, err
	}
	data, err := ReadAll(file, f.Limit)
	if errors.Is(err, errTooMuch) {
		return nil, f.tooLarge()
	}
	if err != nil {
		return nil, f.failed(err)
	}
	return data, nil
}

// how returns how the file is opened. A pipe in the place of a regular file
// must not keep the open waiting.
func (f File) how() int {
	if f.Pipe {
		return os.O_RDONLY
	}
	return os.O_RDONLY | syscall.O_NONBLOCK
}

// check refuses a file that is not what was asked for.
func (f File) check(info fs.FileInfo) error {
	mode := info.Mode()
	pipe := f.Pipe && mode&fs.ModeNamedPipe != 0
	switch {
	case mode.IsDir():
		return f.unfit("%q is a directory, not a file", f.Name)
	case !mode.IsRegular() && !pipe && f.Pipe:
		return f.unfit("%q is neither a file nor a pipe", f.Name)
	case !mode.IsRegular() && !pipe:
		return f.unfit("%q is no regular file", f.Name)
	case info.Size() > f.Limit:
		return f.tooLarge()
	case f.Private && !pipe:
		return exposed(f.Name, info)
	}
	return nil
}

func (f File) tooLarge() error { return f.unfit("%q holds more than %d KiB", f.Name, f.Limit>>10) }

func (f File) unfit(format string, args ...any) error {
	return &FileError{why: fmt.Sprintf(format, args...)}
}

// failed says in plain words what the system has against a file.
func (f File) failed(err error) error {
	e := &FileError{Err: err, why: err.Error()}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.why = fmt.Sprintf("there is no file %q", f.Name)
	case errors.Is(err, fs.ErrPermission):
		e.why = fmt.Sprintf("the file %q may not be read", f.Name)
	}
	return e
}

// Exposed says whether others than its owner can read or change a file or
// directory, by a *FileError; nil: they cannot. It is no fault of a pipe,
// which lives shorter. Windows keeps a user's own directory private by lists
// of access, not by mode bits, so nothing is exposed there.
func Exposed(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return File{Name: name}.failed(err)
	}
	return exposed(name, info)
}

func exposed(name string, info fs.FileInfo) error {
	mode, private := info.Mode(), 0o600
	if info.IsDir() {
		private = 0o700
	}
	if runtime.GOOS == "windows" || !mode.IsRegular() && !mode.IsDir() || mode.Perm()&0o077 == 0 {
		return nil
	}
	return &FileError{why: fmt.Sprintf("others can read or change %q (mode %04o); run: chmod %o %q", name, mode.Perm(), private, name)}
}

var errTooMuch = errors.New("it holds more")

// ReadAll reads r to its end, and no more than limit bytes: what holds more
// is an error.
func ReadAll(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%w than %d KiB", errTooMuch, limit>>10)
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}
