// Package judge holds the promises of PROTOCOL.md against what devices did and saw.
package judge
