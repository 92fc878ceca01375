package catalog

import (
	"mailprobe/internal/settings"
	"mailprobe/internal/yamlfile"
)

// parse reads one provider's file strictly: an unknown key, a wrong type, a
// missing field or a value that cannot be is an error that names the file and
// the line. All errors of a file are reported at once.
func parse(name string, data []byte) (*settings.Provider, error) {
	var doc document
	if err := yamlfile.Decode(name, data, &doc); err != nil {
		return nil, err
	}
	if err := yamlfile.Locate(name, data, doc.check()...); err != nil {
		return nil, err
	}
	return doc.settings(), nil
}
