package target

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// Bare returns the address alone where a text has a name before it, such as
// "Me <me@example.com>", "mailto:" or blanks around it; other texts as they are.
func Bare(text string) string {
	bare := strings.TrimSpace(text)
	if before, inside, ok := strings.Cut(strings.TrimSuffix(bare, ">"), "<"); ok && strings.HasSuffix(bare, ">") && !strings.Contains(before, "@") {
		bare = inside
	}
	if len(bare) > len("mailto:") && strings.EqualFold(bare[:len("mailto:")], "mailto:") {
		bare = bare[len("mailto:"):]
	}
	if !strings.Contains(bare, "@") {
		return text
	}
	return bare
}

// Cut parts a mail address at its last @. Without an @, ok is false.
func Cut(address string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(address, '@')
	if i < 0 {
		return "", "", false
	}
	return address[:i], address[i+1:], true
}

func (r Resolver) known(_ context.Context, text string) (*Target, error) {
	p, ok := r.Catalogue.Lookup(text)
	if !ok {
		return nil, nil
	}
	t := of(p)
	if p.Region != nil && !strings.Contains(text, ".") { // a domain tells the region
		t.Notes = []string{safe.Display(region(p))}
	}
	return t, nil
}

// region says for whom the settings of a provider are that has others elsewhere.
func region(p *settings.Provider) string {
	note := fmt.Sprintf("these are the settings of %s for %s. %s", p.Name, p.Region.Name, p.Region.Tell)
	if len(p.Region.Others) > 0 {
		note += " The others: " + strings.Join(p.Region.Others, ", ")
	}
	return note
}

// of returns what is documented for a provider.
func of(p *settings.Provider) *Target {
	return &Target{Provider: p, Settings: slices.DeleteFunc(p.Settings(), func(s settings.Setting) bool { return s.Role != settings.Documented })}
}
