package main

import (
	"github.com/spf13/cobra"

	"mailprobe/internal/catalog"
	"mailprobe/internal/published"
	"mailprobe/internal/report"
)

const aboutCatalogLint = `catalog lint checks the providers that are built in by the same code as lint, and
that their files are whole: no unknown key, no domain that two of them claim.`

// catalogCommand is for whoever works on the catalogue.
func (a *app) catalogCommand() *cobra.Command {
	var f lintFlags
	lint := &cobra.Command{
		Use: "lint", Short: "Check the providers that are built in", Long: aboutCatalogLint, Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.lintCatalog(&f) },
	}
	f.register(lint.Flags())
	c := &cobra.Command{Use: "catalog", Short: "Look after the catalogue", Hidden: true, Args: cobra.NoArgs}
	c.AddCommand(lint)
	return c
}

func (a *app) lintCatalog(f *lintFlags) error {
	outputs, err := outputsOf(f.output, f.json, report.CheckLintFormat)
	if err != nil {
		return err
	}
	files, err := published.FilesOf(catalog.Files())
	if err != nil {
		return err
	}
	if err := a.lintFiles(f, outputs, files); err != nil {
		return err
	}
	if err := catalog.Check(catalog.Files()); err != nil {
		return &statusError{status: exitFails, err: err}
	}
	return nil
}
