package bulk

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/settings"
)

// A HeldFile is a file of results, and where one may write behind them.
type HeldFile struct {
	*Held
	Format  string // "ndjson" or "csv"; empty: the file is empty, but for the beginning of a line
	Whole   int64  // bytes up to the end of the last whole line
	Unended bool   // behind it stands one more result, whole but for the end of its line
	size    int64
}

// ErrNoResults says that a file holds something else than results of a list.
var ErrNoResults = errors.New("it holds no results of 'mailprobe bulk'")

// maxResult bounds one line of results, in bytes.
const maxResult = 16 << 20

// ReadHeld reads results, whatever a run that was killed left behind. The error
// is ErrNoResults, or the reader's.
func ReadHeld(r io.Reader) (*HeldFile, error) {
	f := &HeldFile{Held: &Held{whole: make(map[name]kept), parts: make(map[name]*part)}}
	in := bufio.NewReaderSize(r, 64<<10)
	var read func(row []byte) (result, bool)
	for {
		row, size, ended, err := nextRow(in)
		head := f.size == 0
		f.size += size
		switch {
		case errors.Is(err, io.EOF) && len(row) == 0:
			return f, nil
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case f.Format == "":
			if f.Format, read = formatOf(row, ended); f.Format == "" && !beginsResults(row, ended) {
				return nil, ErrNoResults
			}
		}
		if !head || f.Format != "csv" {
			f.read(row, ended, read)
		}
		if ended {
			f.Whole = f.size
		}
		if f.rows == 0 && f.torn > 0 {
			return nil, ErrNoResults
		}
	}
}

// read takes one row.
func (f *HeldFile) read(row []byte, ended bool, read func([]byte) (result, bool)) {
	if read == nil {
		return
	}
	r, ok := read(row)
	switch {
	case ok && (ended || f.Format == "ndjson"): // a cell may be cut off where an object cannot
		f.add(r)
		f.Unended = !ended
	case ended:
		f.torn++
	}
}

// nextRow returns a line with its end, if it has one, and its length. Of one
// that is too long, which no result is, the rest is left out.
func nextRow(in *bufio.Reader) (row []byte, size int64, ended bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		size += int64(len(part))
		row = append(row, part[:min(len(part), maxResult-len(row))]...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return row, size, err == nil, err
		}
	}
}

// formatOf tells by the first line how results are read.
func formatOf(row []byte, ended bool) (string, func([]byte) (result, bool)) {
	if bytes.HasPrefix(row, []byte("{")) {
		if _, ok := ofJSON(row); ok || ended {
			return "ndjson", ofJSON
		}
	}
	if cells, err := csv.NewReader(bytes.NewReader(row)).Read(); ended && err == nil && slices.Contains(cells, "input_results") {
		return "csv", func(row []byte) (result, bool) { return ofCSV(cells, row) }
	}
	return "", nil
}

// beginsResults reports whether a line without an end is the beginning of a
// first result.
func beginsResults(row []byte, ended bool) bool {
	const object, head = `{"schema":`, "target,"
	text := string(row)
	return !ended && (strings.HasPrefix(text, object) || strings.HasPrefix(object, text) || strings.HasPrefix(text, head) || strings.HasPrefix(head, text))
}

// ofJSON reads a line of NDJSON.
func ofJSON(row []byte) (result, bool) {
	var v struct {
		document.Server
		Target  string   `json:"target"`
		Verdict string   `json:"run_verdict"`
		Resolve []string `json:"input_resolve"`
		Results int      `json:"input_results"`
	}
	if err := json.Unmarshal(row, &v); err != nil || v.Results < 1 {
		return result{}, false
	}
	return result{nameOf(v.Target, v.Resolve), serverName(v.Server), v.Results, document.Text(v.Verdict)}, true
}

// ofCSV reads a row of cells, which are as they are shown.
func ofCSV(heads []string, row []byte) (result, bool) {
	cells, err := csv.NewReader(bytes.NewReader(row)).Read()
	if err != nil || len(cells) != len(heads) {
		return result{}, false
	}
	cell := func(head string) string {
		if i := slices.Index(heads, head); i >= 0 {
			return strings.TrimPrefix(cells[i], "'")
		}
		return ""
	}
	port, _ := strconv.ParseUint(cell("port"), 10, 16)
	results, _ := strconv.Atoi(cell("input_results"))
	s := document.Server{Protocol: document.Text(cell("protocol")), Host: document.Text(cell("host")), Port: uint16(port), Security: document.Text(cell("security"))}
	return result{nameOfShown(cell("target"), cell("input_resolve")), serverName(s), results, document.Text(cell("verdict"))}, true
}

// serverName is empty for no server.
func serverName(s document.Server) string {
	if e := s.Endpoint(); e != (settings.Endpoint{}) {
		return e.String()
	}
	return ""
}
