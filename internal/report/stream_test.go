package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/lab/detector"
)

// TestFormatsShareData holds that every format says the same of a document
// that was written and read again: nothing reaches it on another way.
func TestFormatsShareData(t *testing.T) {
	options := map[string][]Options{}
	for _, format := range Formats() {
		options[format] = []Options{{}}
	}
	options["text"] = []Options{{}, {Verbose: true}, {Quiet: true}, {Width: 120, Color: true}, {Unwrapped: true}}
	for name, sample := range samples {
		again, err := document.Read(bytes.NewReader(render(t, "json", Options{}, sample())))
		if err != nil || len(again) != 1 {
			t.Fatalf("%s: got  %d documents, %v\nwant one", name, len(again), err)
		}
		for format, list := range options {
			for _, o := range list {
				got, want := write(t, format, o, again...), render(t, format, o, sample())
				if !bytes.Equal(got, want) {
					t.Errorf("%s as %s %+v\ngot  %s\nwant %s", name, format, o, got, want)
				}
			}
		}
	}
}

// TestSeveralComeBack holds that the JSON of several targets and one document
// on each line are read as what was written.
func TestSeveralComeBack(t *testing.T) {
	list := documents(sampleURL(), sampleHostile(), sampleNothing())
	var lines bytes.Buffer
	for _, d := range list {
		if err := json.NewEncoder(&lines).Encode(d); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string][]byte{"several": write(t, "json", Options{}, list...), "lines": lines.Bytes()} {
		got, err := document.Read(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		again, want := write(t, "json", Options{}, got...), write(t, "json", Options{}, list...)
		if !bytes.Equal(again, want) {
			t.Errorf("%s\ngot  %s\nwant %s", name, again, want)
		}
	}
}

// TestWhoeverWroteIt holds that no field of a document, whatever it holds, acts
// in any format.
func TestWhoeverWroteIt(t *testing.T) {
	detector.Spare(t)
	aWord := regexp.MustCompile("^[a-z_]+$")
	for _, spared := range []func(string) bool{func(string) bool { return false }, aWord.MatchString} {
		for name, sample := range samples {
			d := documents(sample())[0]
			poison(reflect.ValueOf(d).Elem(), spared)
			for _, format := range Formats() {
				for _, o := range []Options{{}, {Verbose: true}, {Quiet: true}, {Width: 60, Verbose: true, Unwrapped: true}} {
					checkHarmless(t, fmt.Sprint(name, " ", format, " ", o), write(t, format, o, d))
				}
			}
		}
	}
}

// poison puts an attack into every text below v but those that are spared:
// words by which a format chooses what it says.
func poison(v reflect.Value, spared func(string) bool) {
	change(v, func(text string) string {
		if spared(text) {
			return text
		}
		return attack + text
	})
}

// poisonWith puts a text of one's own in place of every text below v.
func poisonWith(v reflect.Value, text string) {
	change(v, func(string) string { return text })
}

// change changes every text below v.
func change(v reflect.Value, to func(string) string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			change(v.Elem(), to)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				change(f, to)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			change(v.Index(i), to)
		}
	case reflect.String:
		v.SetString(to(v.String()))
	}
}

// shuffled are documents in the order of completion: the last target first.
func shuffled() []*document.Document {
	list := documents(sampleURL(), sampleTLS(), sampleNothing())
	return []*document.Document{list[2], list[0], list[1]}
}

// TestOrder holds that people read the reports in the order of the targets,
// and programs in that in which they were finished.
func TestOrder(t *testing.T) {
	ordered := write(t, "text", Options{}, documents(sampleURL(), sampleTLS(), sampleNothing())...)
	if got := write(t, "text", Options{}, shuffled()...); !bytes.Equal(got, ordered) {
		t.Errorf("got  %s\nwant %s", got, ordered)
	}
	got, err := document.Read(bytes.NewReader(write(t, "json", Options{}, shuffled()...)))
	if err != nil || !reflect.DeepEqual(got, shuffled()) {
		t.Errorf("got  %v, %v\nwant them as they came", got, err)
	}
	suites := write(t, "junit", Options{}, shuffled()...)
	if first, last := bytes.Index(suites, []byte("no setting was tested")), bytes.Index(suites, []byte("imaps://")); first < 0 || first > last {
		t.Errorf("got  %s\nwant the suites as they came", suites)
	}
}

// TestTextIsAStream holds that the text shows a report as soon as none before it is missing, and at the end
// those behind one that never came.
func TestTextIsAStream(t *testing.T) {
	var b strings.Builder
	w, err := New("text", &b, Options{Quiet: true, Targets: 4})
	if err != nil {
		t.Fatal(err)
	}
	list := documents(sampleURL(), sampleTLS(), sampleNothing(), sampleWorks())
	var got []int
	for _, i := range []int{1, 0, 3} {
		if err := w.Report(list[i]); err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Count(b.String(), "\n"))
	}
	if err := w.End(); err != nil {
		t.Fatal(err)
	}
	if got = append(got, strings.Count(b.String(), "\n")); !slices.Equal(got, []int{0, 2, 2, 3}) {
		t.Errorf("got  %v lines\nwant 0, 2, 2 and 3", got)
	}
}

// TestNoReport holds that what is written is whole where a run ended before any
// report came.
func TestNoReport(t *testing.T) {
	for _, targets := range []int{1, 2} {
		o := Options{Targets: targets}
		if got := write(t, "text", o); len(got) > 0 {
			t.Errorf("got  %s\nwant nothing", got)
		}
		want := "{\n  \"schema\": 1,\n  \"mailprobe\": \"v0.1.0\",\n  \"reports\": [],\n  \"verdict\": \"unknown\"\n}\n"
		if got := string(write(t, "json", o)); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if got := write(t, "junit", o); xml.Unmarshal(got, new(struct{ XMLName xml.Name })) != nil || !bytes.HasSuffix(got, []byte("time=\"0.000\"></testsuites>\n")) {
			t.Errorf("got  %s\nwant an element without tests", got)
		}
	}
}

// TestSomeReports holds that the JSON of a run that ended early is whole.
func TestSomeReports(t *testing.T) {
	var got struct {
		Verdict string
		Reports []struct{ Verdict string }
	}
	if err := json.Unmarshal(write(t, "json", Options{Targets: 2}, documents(sampleURL())...), &got); err != nil || len(got.Reports) != 1 || got.Verdict != "works" {
		t.Errorf("got  %v, %v\nwant one report that works", got, err)
	}
}

// TestWriterFails holds that no error of the underlying writer is lost.
func TestWriterFails(t *testing.T) {
	for _, format := range Formats() {
		for _, targets := range []int{1, 2} {
			w, err := New(format, failing{}, Options{Targets: targets})
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(w.Begin(), w.Report(documents(sampleURL())[0]), w.End()); !errors.Is(err, io.ErrShortWrite) {
				t.Errorf("%s of %d\ngot  %v\nwant %v", format, targets, err, io.ErrShortWrite)
			}
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// FuzzRendering holds that whatever is read as a document can be written in
// every format, and acts in none.
func FuzzRendering(f *testing.F) {
	for _, sample := range []string{"fails-resolve", "old-tls", "offline"} {
		data, err := json.Marshal(documents(samples[sample]())[0])
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, _ := document.Read(bytes.NewReader(data))
		for _, d := range list {
			d.Started = time.Time{}
			for _, format := range Formats() {
				checkHarmless(t, format, write(t, format, Options{Verbose: true}, d))
			}
		}
	})
}
