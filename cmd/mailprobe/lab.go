package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) labCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "lab",
		Short: "Keep the impersonated providers running and say how to reach them",
		Long: `lab starts the servers that demo uses and keeps them running until it is
interrupted. It prints the flags by which mailprobe and curl reach them.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.lab(c.Context()) },
	}
}

func (a *app) lab(ctx context.Context) error {
	box, err := a.startLab(ctx, "", a.labServers(nil))
	if err != nil {
		return err
	}
	defer box.Close()
	folder, err := os.MkdirTemp("", "mailprobe-lab-")
	if err != nil {
		return &statusError{exitUnknown, err}
	}
	defer os.RemoveAll(folder)
	ca, secret := filepath.Join(folder, "ca.pem"), filepath.Join(folder, "password")
	if err := os.WriteFile(ca, box.CAPEM(), 0o600); err != nil {
		return &statusError{exitUnknown, err}
	}
	if err := os.WriteFile(secret, []byte(demoPassword+"\n"), 0o600); err != nil {
		return &statusError{exitUnknown, err}
	}
	var flags []string
	for pair := range slices.Chunk(box.Flags(ca), 2) {
		flags = append(flags, strings.Join(pair, " "))
	}
	fmt.Fprintf(a.stdout, "The lab is running. In another terminal:\n\n  mailprobe office365 --user %s --password-file %s --yes \\\n    %s\n\nStop it with Ctrl-C.\n",
		demoAddress, secret, strings.Join(flags, " \\\n    "))
	<-ctx.Done()
	return nil
}
