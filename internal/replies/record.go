package replies

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// A record of the compact form is a line: its kind, literals that are required,
// and the fields of a struct in the order of its type. Fields that are empty at
// the end are left out.
const (
	betweenFields = "\t"
	betweenItems  = "\x1f"
)

// A recordWriter writes records, and keeps the first fault.
type recordWriter struct {
	out strings.Builder
	err error
}

// write writes the struct that of points to.
func (w *recordWriter) write(kind string, literals []string, of any) {
	fields := []string{kind, w.items(literals)}
	v := reflect.ValueOf(of).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); isWritten(f) {
			fields = append(fields, w.field(f))
		}
	}
	w.line(fields...)
}

func (w *recordWriter) line(fields ...string) {
	line := strings.TrimRight(strings.Join(fields, betweenFields), betweenFields)
	if strings.Count(strings.Join(fields, ""), betweenFields)+strings.Count(line, "\n") > 0 {
		w.fail("%s: a text has a tab or a line end in it", line)
	}
	w.out.WriteString(line + "\n")
}

// isWritten says that a field is read from a file, and no rows of their own.
func isWritten(f reflect.Value) bool {
	switch f.Kind() {
	case reflect.String, reflect.Bool, reflect.Int:
		return f.CanSet()
	case reflect.Slice:
		return f.CanSet() && f.Type().Elem().Kind() == reflect.String
	}
	return false
}

func (w *recordWriter) field(f reflect.Value) string {
	switch {
	case f.Kind() == reflect.Slice:
		var texts []string
		for i := range f.Len() {
			texts = append(texts, f.Index(i).String())
		}
		return w.items(texts)
	case f.IsZero():
		return ""
	}
	return fmt.Sprint(f.Interface())
}

func (w *recordWriter) items(texts []string) string {
	for _, text := range texts {
		if text == "" || strings.Contains(text, betweenItems) {
			w.fail("%q cannot stand in a list", text)
		}
	}
	return strings.Join(texts, betweenItems)
}

func (w *recordWriter) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

// A recordReader reads one record from left to right. All texts that it gives
// are parts of the record, not copies.
type recordReader struct{ rest string }

func (r *recordReader) next() string {
	field, rest, _ := strings.Cut(r.rest, betweenFields)
	r.rest = rest
	return field
}

// read fills the struct that into points to, and returns the literals.
func (r *recordReader) read(into any) []string {
	literals := items(r.next())
	v := reflect.ValueOf(into).Elem()
	for i := 0; i < v.NumField() && r.rest != ""; i++ {
		if f := v.Field(i); isWritten(f) {
			setField(f, r.next())
		}
	}
	return literals
}

// setField sets a field to what recordWriter.field made of it.
func setField(f reflect.Value, text string) {
	if text == "" {
		return
	}
	switch f.Kind() {
	case reflect.String:
		f.SetString(text)
	case reflect.Bool:
		f.SetBool(text == "true")
	case reflect.Int:
		n, _ := strconv.ParseInt(text, 10, 64) // written by this program
		f.SetInt(n)
	case reflect.Slice:
		texts := items(text)
		list := reflect.MakeSlice(f.Type(), len(texts), len(texts))
		for i, text := range texts {
			list.Index(i).SetString(text)
		}
		f.Set(list)
	}
}

// items cuts a list; nil: it is empty.
func items(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, betweenItems)
}
