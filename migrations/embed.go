// Package migrations holds the database's versions as SQL, one file each, made
// to be applied in the order of their numbers and never to be edited afterwards.
//
// There are no ways down: a version that has met people's data is followed by
// another, not undone.
package migrations

import "embed"

// FS holds the files NNNN_what.sql at its root, in goose's form.
//
//go:embed *.sql
var FS embed.FS
