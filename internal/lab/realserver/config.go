package realserver

import (
	"bytes"
	"embed"
	"text/template"
)

//go:embed config
var configFiles embed.FS

// render fills one configuration file with values.
func render(name string, values any) ([]byte, error) {
	t, err := template.ParseFS(configFiles, "config/"+name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Option("missingkey=error").Execute(&b, values)
	return b.Bytes(), err
}
