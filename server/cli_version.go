package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// version is set by the build: -ldflags "-X main.version=v1.2.3".
var version = ""

type versionCommand struct{}

func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintln(p.stdout, thisVersion())
	return err
}

func thisVersion() string {
	info, _ := debug.ReadBuildInfo()
	return versionText(version, info)
}

// versionText names release, commit and compiler, as far as they are known.
func versionText(release string, info *debug.BuildInfo) string {
	settings := map[string]string{}
	if info != nil {
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
		if release == "" {
			release = info.Main.Version
		}
	}
	if release == "" {
		release = "(devel)"
	}
	details := []string{runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH}
	if commit := settings["vcs.revision"]; commit != "" {
		details = append([]string{"commit " + commit[:min(12, len(commit))], settings["vcs.time"]}, details...)
	}
	if settings["vcs.modified"] == "true" {
		details = append(details, "with local changes")
	}
	return "recall " + release + " (" + strings.Join(details, ", ") + ")"
}
