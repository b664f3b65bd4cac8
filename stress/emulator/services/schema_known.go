package services

import (
	"encoding/json"
	"sync"
)

// mostSchemas bounds those that are remembered. A client has a handful.
const mostSchemas = 64

// knownSchemas saves reading the schema of a request again, which took longer than all
// the rest of its reading. A schema is not changed after that.
var knownSchemas schemaCache

type schemaCache struct {
	mu     sync.Mutex
	byText map[string]*schema
}

// parse is [parseSchema], remembered where it succeeds.
func (c *schemaCache) parse(text json.RawMessage) (*schema, error) {
	c.mu.Lock()
	known := c.byText[string(text)]
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	parsed, err := parseSchema(text)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byText == nil || len(c.byText) == mostSchemas {
		c.byText = make(map[string]*schema)
	}
	c.byText[string(text)] = parsed
	return parsed, nil
}
