package oauth

import (
	"errors"
	"path/filepath"
)

// Dir returns the directory in which Files belong on an operating system
// (runtime.GOOS): that of the XDG base directory specification where it is
// set, else the system's own for data that stays on one machine. getenv is
// os.Getenv.
func Dir(goos string, getenv func(string) string) (string, error) {
	if state := getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "mailprobe", "tokens"), nil
	}
	variable, below := "HOME", filepath.Join(".local", "state")
	switch goos {
	case "windows":
		variable, below = "LocalAppData", ""
	case "darwin", "ios":
		below = filepath.Join("Library", "Application Support")
	}
	base := getenv(variable)
	if base == "" {
		return "", errors.New("no place to keep sign-ins: set XDG_STATE_HOME or " + variable)
	}
	return filepath.Join(base, below, "mailprobe", "tokens"), nil
}
