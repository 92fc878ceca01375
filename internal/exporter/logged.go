package exporter

import (
	"fmt"
	"log/slog"
	"strings"
)

// logged is where the library tells what it could not do.
type logged struct{ log *slog.Logger }

func (l logged) Println(v ...any) { l.log.Error(strings.TrimSuffix(fmt.Sprintln(v...), "\n")) }
