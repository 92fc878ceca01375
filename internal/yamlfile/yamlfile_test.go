package yamlfile

import (
	"strings"
	"testing"
	"testing/fstest"
)

type list struct {
	Name  string `yaml:"name"`
	Items []item `yaml:"items"`
}

type item struct {
	Port uint16 `yaml:"port"`
}

const good = "name: x\nitems:\n  - port: 1\n  - &two\n    port: 2\n  - *two\n"

func TestRead(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"good", good, ""},
		{"unknown key", good + "nome: y\n", "a.yaml: line 7: field nome not found"},
		{"wrong type", strings.Replace(good, "port: 1", "port: one", 1), "a.yaml: line 3: cannot unmarshal"},
		{"two faults", strings.Replace(good+"nome: y\n", "port: 1", "port: one", 1), "line 7: field nome"},
		{"two documents", good + "---\nname: y\n", "a.yaml: more than one document"},
		{"no YAML", "name: [", "a.yaml: "},
		{"nothing", "", "a.yaml: "},
	} {
		var into list
		_, err := Read(fstest.MapFS{"a.yaml": {Data: []byte(row.text)}}, "a.yaml", &into)
		if row.want == "" {
			if err != nil || into.Name != "x" || len(into.Items) != 3 || into.Items[2].Port != 2 {
				t.Errorf("%s\ngot  %+v, %v\nwant three items", row.name, into, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s\ngot  %v\nwant an error that says %s", row.name, err, row.want)
		}
	}
	if _, err := Read(fstest.MapFS{}, "a.yaml", new(list)); err == nil {
		t.Error("got  no error\nwant one about the file")
	}
}

func TestLocate(t *testing.T) {
	for _, row := range []struct {
		want string
		path []any
	}{
		{"a.yaml: line 1: odd", []any{"name"}},
		{"a.yaml: line 3: odd", []any{"items", 0}},
		{"a.yaml: line 5: odd", []any{"items", 1, "port"}},
		{"a.yaml: line 5: odd", []any{"items", 2, "port"}},
		{"a.yaml: line 3: odd", []any{"items", 9}},
		{"a.yaml: line 1: odd", []any{"missing"}},
		{"a.yaml: line 1: odd", nil},
	} {
		err := Locate("a.yaml", []byte(good), Problem{row.path, "odd"})
		if err == nil || err.Error() != row.want {
			t.Errorf("%v\ngot  %v\nwant %s", row.path, err, row.want)
		}
	}
	if err := Locate("a.yaml", []byte(good)); err != nil {
		t.Errorf("got  %v\nwant none", err)
	}
	if err := Locate("a.yaml", []byte("name: ["), Problem{nil, "odd"}); err == nil || !strings.Contains(err.Error(), "a.yaml") {
		t.Errorf("got  %v\nwant an error that names the file", err)
	}
}
