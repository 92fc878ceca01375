package report

import (
	"bytes"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
)

// TestSARIFSchema holds what is written against the schema of SARIF 2.1.0
// (OASIS, errata 01), and against somebody else's reader.
func TestSARIFSchema(t *testing.T) {
	schema := sarifSchema(t)
	poisoned := sampleCases()
	severity := func(text string) bool { return text != "" && finding.Severity(text).Check() == nil }
	for _, d := range poisoned {
		poison(reflect.ValueOf(d).Elem(), severity)
	}
	var empty bytes.Buffer
	if err := Lint(&empty, "sarif", document.Lint{Files: []document.LintFile{{File: "sound.xml"}}}, Options{}); err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		text    []byte
		results int
	}{
		"suite": {write(t, "sarif", sampleSuite, sampleCases()...), 4}, "poisoned suite": {write(t, "sarif", sampleSuite, poisoned...), 4},
		"no case": {write(t, "sarif", sampleSuite), 0}, "lint": {[]byte(lint(t, "sarif", Options{})), 8}, "nothing wrong": {empty.Bytes(), 0},
	} {
		t.Run(name, func(t *testing.T) {
			if err := validSARIF(schema, row.text); err != nil {
				t.Errorf("got  %v\nof   %s", err, row.text)
			}
			log, err := sarif.FromBytes(row.text)
			if err != nil || len(log.Runs) != 1 || len(log.Runs[0].Results) != row.results {
				t.Errorf("got  %v, %s\nwant %d results", err, row.text, row.results)
			}
		})
	}
	for _, broken := range []string{`{}`, `{"version":"2.1.0","runs":[{}]}`, `{"version":"2.1.0","runs":[],"more":1}`} {
		if validSARIF(schema, []byte(broken)) == nil {
			t.Errorf("%s counts as valid", broken)
		}
	}
}

func validSARIF(schema *jsonschema.Schema, text []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// sarifSchema is the schema as the reader's source holds it, in a constant
// that it does not export.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	from, err := build.Import(reflect.TypeFor[sarif.Report]().PkgPath(), ".", build.FindOnly)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(from.Dir, "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	literal := file.Scope.Lookup("schema").Decl.(*ast.ValueSpec).Values[0].(*ast.BasicLit)
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", value); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
