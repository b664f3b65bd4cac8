package judge

import (
	"context"

	"recall/stress/report"
)

// Verdict tells what the devices saw, one check for each invariant.
func (j *Judge) Verdict() []report.Check { return nil }

// Audit holds what was acknowledged against the database at the end.
func (j *Judge) Audit(ctx context.Context, databaseURL string) ([]report.Check, error) {
	return nil, nil
}
