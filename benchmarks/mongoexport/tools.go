//go:build tools

// Package mongoexport pins the exporter that ours is measured against.
package mongoexport

import _ "github.com/mongodb/mongo-tools/mongoexport/main"
