package published

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// parseYAML reads one document of YAML into nodes, its lines moved down by
// some. An alias stands for nothing.
func parseYAML(source []byte, down int) (*node, *treeError) {
	if brackets(source) > MaxDepth {
		return nil, &treeError{1 + down, errDeep.Error(), true}
	}
	var root yaml.Node
	if err := yaml.Unmarshal(source, &root); err != nil {
		line, why := yamlError(err)
		return nil, &treeError{line + down, why, false}
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) == 0 {
		return &node{line: 1 + down}, nil
	}
	return ofYAML(root.Content[0], down, 0)
}

// brackets returns how many brackets are open at once at most, in quotes or
// not: more than a document of settings has is more than need be read.
func brackets(source []byte) int {
	open, most := 0, 0
	for _, c := range source {
		switch c {
		case '[', '{':
			open++
			most = max(most, open)
		case ']', '}':
			open = max(0, open-1)
		}
	}
	return most
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

func yamlError(err error) (line int, why string) {
	m := yamlLine.FindStringSubmatch(err.Error())
	if m == nil {
		return 1, err.Error()
	}
	line, _ = strconv.Atoi(m[1])
	return max(line, 1), m[2]
}

func ofYAML(y *yaml.Node, down, depth int) (*node, *treeError) {
	n := &node{line: y.Line + down}
	if depth > MaxDepth {
		return nil, &treeError{n.line, errDeep.Error(), true}
	}
	switch y.Kind {
	case yaml.ScalarNode:
		n.kind, n.text = text, y.Value
		switch y.Tag {
		case "!!null":
			n.kind = nothing
		case "!!int":
			n.kind = number
		case "!!bool":
			n.kind = truth
		}
		return n, nil
	case yaml.SequenceNode:
		n.kind = array
	case yaml.MappingNode:
		n.kind = dict
	default:
		return n, nil
	}
	for i, c := range y.Content {
		if n.kind == dict && i%2 == 0 {
			n.keys = append(n.keys, c.Value)
			continue
		}
		v, err := ofYAML(c, down, depth+1)
		if err != nil {
			return nil, err
		}
		n.list = append(n.list, v)
	}
	return n, nil
}

// ReadProviderDB reads the front matter of a page of Delta Chat's provider
// database: what stands between its first two lines of three dashes.
func ReadProviderDB(source []byte) Document {
	d := Document{Read: true}
	if len(source) > MaxSize {
		d.tooLarge(MaxSize)
		return d
	}
	source, matter := bytes.TrimPrefix(source, []byte("\xef\xbb\xbf")), []byte(nil)
	lines := bytes.SplitAfter(source, []byte("\n"))
	end := slices.IndexFunc(lines[1:], func(l []byte) bool { return strings.TrimSpace(string(l)) == "---" })
	if strings.TrimSpace(string(lines[0])) != "---" || end < 0 {
		if begins(source, "---") {
			d.Format = treeFormat(source, ProviderDB, "server", "domains")
		}
		d.unreadable(1, "settings.unknown_value", "The page does not begin with front matter between two lines of ---.", "Begin it like a page of the provider database.", nil)
		return d
	}
	matter = bytes.Join(lines[1:end+1], nil)
	root, broken := parseYAML(matter, 1)
	if broken != nil {
		d.Format = ProviderDB
		d.broken(broken, "YAML")
		return d
	}
	if root.at("domains") == nil && root.at("server") == nil {
		d.unreadable(1, "settings.missing", "The front matter names neither domains nor servers.", "Add domains: and server:.", nil)
		return d
	}
	d.Format, d.Name = ProviderDB, root.at("name").string()
	d.domains(root)
	if hint := root.at("before_login_hint"); hint.string() != "" {
		d.Enable = append(d.Enable, Step{Text: strings.Join(strings.Fields(hint.text), " "), URL: root.at("website").string(), Line: hint.line})
	}
	if servers := root.at("server"); servers != nil {
		for _, s := range servers.list {
			d.dbServer(s)
		}
	}
	d.order()
	d.sort()
	return d
}

func (d *Document) domains(root *node) {
	list := root.at("domains")
	if list == nil || len(list.list) == 0 {
		d.missing(1, "domains", "The file", finding.Warning)
		return
	}
	for _, n := range list.list {
		d.domain(n.line, n.text)
	}
}

// dbServer reads one server of the provider database.
func (d *Document) dbServer(n *node) {
	d.treeServer(n, words{
		protocol: "type", host: "hostname", security: "socket",
		securities: map[string]settings.Security{"SSL": settings.TLS, "STARTTLS": settings.StartTLS, "PLAIN": settings.Plain},
		user:       "username_pattern", users: map[string]settings.Template{"EMAIL": settings.FullAddress, "EMAILLOCALPART": settings.LocalPart},
	}, settings.FullAddress, nil)
}
