package world

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
)

// Programs are paths of what worlds run.
type Programs struct {
	Server   string
	Emulator string
}

// Build compiles both programs into dir. It runs in the project's folder or below it,
// where the go command finds the module.
func Build(ctx context.Context, dir string) (Programs, error) {
	p := Programs{Server: filepath.Join(dir, "recall"), Emulator: filepath.Join(dir, "emulator")}
	for path, of := range map[string]string{p.Server: "recall/server", p.Emulator: "recall/stress/emulator"} {
		out, err := exec.CommandContext(ctx, "go", "build", "-o", path, of).CombinedOutput()
		if err != nil {
			return Programs{}, fmt.Errorf("building %s (run this in the project's folder): %w\n%s", of, err, out)
		}
	}
	return p, nil
}
