package report

import (
	"strings"

	"github.com/fatih/color"

	"mailprobe/internal/safe"
)

// A cell is displayed text and its colour; nil: none.
type cell struct {
	text string
	ink  *color.Color
}

// cells are plain ones.
func cells(texts ...string) []cell {
	row := make([]cell, len(texts))
	for i, text := range texts {
		row[i].text = text
	}
	return row
}

// columnWidths returns the columns of the widest cell in each column of rows.
func columnWidths(rows [][]cell) []int {
	var widths []int
	for _, row := range rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], safe.Width(c.text))
		}
	}
	return widths
}

// total returns the columns of a row with two blanks between its cells.
func total(widths []int) int {
	sum := 2 * (len(widths) - 1)
	for _, w := range widths {
		sum += w
	}
	return sum
}

// joined returns a row with its cells two blanks apart, each as wide as its
// column, and coloured as a whole.
func joined(row []cell, widths []int) string {
	padded := make([]string, len(row))
	for i, c := range row {
		padded[i] = pad(c.text, widths[i])
		if c.ink != nil {
			padded[i] = c.ink.Sprint(padded[i])
		}
	}
	return strings.TrimRight(strings.Join(padded, "  "), " ")
}
