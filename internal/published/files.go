package published

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"mailprobe/internal/finding"
)

// A File is a document with the path that it was found under.
type File struct {
	Path string
	Document
}

// Files reads files, and all documents of folders, those that are named twice
// once. In a folder what is plainly no document of settings is passed over. An
// error says which path cannot be read.
func Files(paths ...string) ([]File, error) {
	var files []File
	seen := map[string]bool{}
	add := func(path string, named bool) error {
		if seen[path] {
			return nil
		}
		seen[path] = true
		source, err := readFile(path)
		if err != nil {
			return err
		}
		if !named && !Known(path) && !looksLikeSettings(source) {
			return nil
		}
		if d := Read(path, source); named || !d.Foreign() || !quiet(path) {
			files = append(files, File{path, d})
		}
		return nil
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return nil, plainError(path, err)
		case !info.IsDir():
			err = add(path, true)
		default:
			err = walk(strings.TrimRight(path, "/")+"/", func(p string) error { return add(p, false) })
		}
		if err != nil {
			return nil, err
		}
	}
	differ(files)
	return files, nil
}

// FilesOf reads all files of a file system, such as one that is built in.
func FilesOf(fsys fs.FS) (files []File, err error) {
	err = fs.WalkDir(fsys, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		source, err := fs.ReadFile(fsys, path)
		files = append(files, File{path, Read(path, source)})
		return err
	})
	differ(files)
	return files, err
}

func plainError(path string, err error) error {
	if os.IsNotExist(err) {
		return fmt.Errorf("there is no file or folder %q", path)
	}
	return err
}

// walk goes over the regular files below a folder, but for hidden ones.
func walk(root string, see func(string) error) error {
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		hidden := path != root && strings.HasPrefix(e.Name(), ".")
		switch {
		case err != nil:
			return err
		case hidden && e.IsDir():
			return fs.SkipDir
		case hidden || !e.Type().IsRegular():
			return nil
		}
		return see(path)
	})
}

// readFile returns what a regular file holds; of one that is larger than any
// document may be, no more than shows that.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, plainError(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%q is neither a file nor a folder", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	source := make([]byte, min(info.Size(), MaxPlist+1))
	n, err := file.ReadAt(source, 0)
	if n < len(source) && err != nil {
		source = source[:n]
	}
	return source, nil
}

func looksLikeSettings(source []byte) bool {
	return begins(source, "<?xml") || begins(source, "<clientConfig") || bytes.Contains(source[:min(len(source), 512)], []byte("<clientConfig"))
}

// quiet reports whether a file of this name is more often something else.
func quiet(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".md", ".json", ".yaml", ".yml":
		return true
	}
	return false
}

// differ says of domains that several files of one collection claim which
// other file does.
func differ(files []File) {
	type place struct{ file, line int }
	first := map[string]place{}
	for i := range files {
		f := &files[i]
		for _, domain := range f.Domains {
			if domain == "" || strings.Contains(domain, "%") {
				continue
			}
			before, twice := first[string(f.Format)+" "+domain]
			if !twice {
				first[string(f.Format)+" "+domain] = place{i, f.DomainLine(domain)}
				continue
			}
			f.says(f.DomainLine(domain), "settings.duplicate_domain", "The domain {domain} stands in {file} as well (line {line}).", "Keep it in one file.",
				finding.Args{"domain": domain, "file": files[before.file].Path, "line": itoa(before.line)})
			f.sort()
		}
	}
}
