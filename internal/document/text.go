package document

import (
	"math"
	"time"

	"mailprobe/internal/safe"
)

// A Text is a string of a document, as received. It is made harmless wherever
// it is printed or written as JSON, so that no field can be forgotten; who
// reads the JSON has it as received.
type Text string

// String returns the display of t.
func (t Text) String() string { return safe.Display(string(t)) }

// Clip returns the display of t in at most n columns.
func (t Text) Clip(n int) string { return safe.Clip(string(t), n) }

// MarshalJSON returns t as JSON of printable characters.
func (t Text) MarshalJSON() ([]byte, error) { return safe.JSON(string(t)), nil }

// A Maybe is a Text that is null in JSON where it is empty: not known, or there
// is none.
type Maybe string

// String returns the display of m.
func (m Maybe) String() string { return Text(m).String() }

// Clip returns the display of m in at most n columns.
func (m Maybe) Clip(n int) string { return Text(m).Clip(n) }

// MarshalJSON returns m as Text does, or null.
func (m Maybe) MarshalJSON() ([]byte, error) {
	if m == "" {
		return []byte("null"), nil
	}
	return Text(m).MarshalJSON()
}

// A Millis is a time in milliseconds, to one decimal place.
type Millis float64

// Seconds returns m in seconds.
func (m Millis) Seconds() float64 { return float64(m) / 1000 }

func millis(d time.Duration) Millis {
	return Millis(math.Round(float64(d)/float64(100*time.Microsecond)) / 10)
}

// The first and the last moment that RFC 3339 can write.
var (
	firstMoment = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	lastMoment  = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
)

// moment returns t in UTC to the second, within what can be written: a
// certificate may name any time.
func moment(t time.Time) time.Time {
	t = t.UTC().Truncate(time.Second)
	switch {
	case t.Before(firstMoment):
		return firstMoment
	case t.After(lastMoment):
		return lastMoment
	}
	return t
}

// momentOrNil returns nil for the zero time, which stands for unknown.
func momentOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	m := moment(t)
	return &m
}

// Each maps a list; the result is never nil, so that it is written as [].
func Each[T, V any](list []T, view func(T) V) []V {
	views := make([]V, 0, len(list))
	for _, v := range list {
		views = append(views, view(v))
	}
	return views
}

// Texts maps a list; the result is never nil.
func Texts[S ~string](list []S) []Text {
	return Each(list, func(s S) Text { return Text(s) })
}
