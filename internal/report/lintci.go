package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
)

// lintGitHub writes the findings as commands of GitHub Actions, which shows
// them beside the line that they are about: ten of each severity at most, since
// GitHub shows no more, and how many there are besides.
func lintGitHub(w io.Writer, l document.Lint, _ Options) error {
	var errors, warnings, notices annotations
	kinds := map[finding.Severity]*annotations{finding.Error: &errors, finding.Warning: &warnings, finding.Info: &notices}
	for _, f := range l.Files {
		for _, x := range f.Findings {
			if kind := kinds[finding.Severity(x.Severity)]; kind != nil {
				kind.add(lintAnnotation(f, x))
			}
		}
	}
	for _, kind := range []struct {
		command string
		of      *annotations
	}{{"error", &errors}, {"warning", &warnings}, {"notice", &notices}} {
		if err := kind.of.write(w, kind.command); err != nil {
			return err
		}
	}
	return nil
}

func lintAnnotation(f document.LintFile, x document.LintFinding) annotation {
	text := x.Message.String()
	if x.Remedy != "" {
		text += " " + x.Remedy.String()
	}
	return annotation{title: x.Code.String(), text: text, file: string(f.File), line: x.Line}
}

// gitHubText escapes what a command says; gitHubProperty what stands before it.
func gitHubText(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

func gitHubProperty(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(text)
}

// The parts of SARIF 2.1.0 that are written.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    document.Text `json:"name"`
		Version document.Text `json:"version"`
		Rules   []sarifRule   `json:"rules"`
	}
	sarifRule struct {
		ID    document.Text `json:"id"`
		Short sarifText     `json:"shortDescription"`
		Full  sarifText     `json:"fullDescription"`
		Help  sarifText     `json:"help"`
	}
	sarifText struct {
		Text document.Text `json:"text"`
	}
	sarifResult struct {
		RuleID    document.Text   `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
)

// lintSARIF writes one run of SARIF 2.1.0.
func lintSARIF(w io.Writer, l document.Lint, _ Options) error {
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: "mailprobe", Version: l.Mailprobe, Rules: []sarifRule{}}}, Results: []sarifResult{}}
	rules := map[document.Text]int{}
	for _, f := range l.Files {
		for _, x := range f.Findings {
			i, known := rules[x.Code]
			if !known {
				i = len(run.Tool.Driver.Rules)
				rules[x.Code] = i
				run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(x.Code))
			}
			run.Results = append(run.Results, sarifResultOf(f, x, i))
		}
	}
	return encode(w, "", sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func sarifRuleOf(code document.Text) sarifRule {
	page, _ := finding.PageOf(string(code))
	text := func(s string) sarifText { return sarifText{document.Text(s)} }
	help := page.Fix
	if help == "" {
		help = page.Means
	}
	return sarifRule{code, text(page.Title), text(page.Means), text(help)}
}

func sarifResultOf(f document.LintFile, x document.LintFinding, rule int) sarifResult {
	levels := map[finding.Severity]string{finding.Error: "error", finding.Warning: "warning", finding.Info: "note"}
	text := x.Message
	if x.Remedy != "" {
		text += " " + x.Remedy
	}
	place := sarifPhysical{Artifact: sarifArtifact{fileURI(string(f.File))}}
	if x.Line > 0 {
		place.Region = &sarifRegion{x.Line}
	}
	return sarifResult{x.Code, rule, levels[finding.Severity(x.Severity)], sarifText{text}, []sarifLocation{{place}}}
}

// fileURI returns a path as a URI, relative where the path is.
func fileURI(path string) string {
	u := url.URL{Path: strings.ReplaceAll(path, `\\`, "/")}
	if strings.HasPrefix(u.Path, "/") {
		u.Scheme = "file"
	}
	return u.String()
}

// lintJUnit writes a suite with a case for each file.
func lintJUnit(w io.Writer, l document.Lint, _ Options) error {
	s := junitSuite{Name: "mailprobe lint", Time: junitTime(0)}
	for _, f := range l.Files {
		c := junitCase{Class: "mailprobe.lint", Name: f.File.String(), Time: junitTime(0)}
		var all, grave strings.Builder
		first := document.LintFinding{}
		for _, x := range f.Findings {
			line := fmt.Sprintf("%s: %s: %s [%s] %s\n", lintPlace(f, x), x.Severity, x.Message, x.Code, x.Remedy)
			all.WriteString(line)
			if x.Severity == document.Text(finding.Error) {
				if grave.Len() == 0 {
					first = x
				}
				grave.WriteString(line)
			}
		}
		if grave.Len() > 0 {
			c.Failure = &junitProblem{Type: first.Code.String(), Message: first.Message.String(), Body: grave.String()}
		}
		if all.Len() > 0 {
			c.Out = &junitText{all.String()}
		}
		s.add(c)
	}
	text, err := xml.MarshalIndent(s, "  ", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s<testsuites name=\"mailprobe\" tests=\"%d\" failures=\"%d\" errors=\"0\" time=\"%s\">\n%s\n</testsuites>\n", xml.Header, s.Tests, s.Failures, junitTime(0), text)
	return err
}
