package suite

import _ "embed"

// Example is a suite to begin with.
//
//go:embed example.yaml
var Example string

// Schema is the JSON Schema of a suite.
//
//go:embed suite.schema.json
var Schema string
