package gpt

import (
	"embed"
	"encoding/json"

	"recall/actors/provider/openai"
)

// The names by which `degraded` and sources call the models, whichever ones serve.
const (
	nameTranscriber  = "whisper"
	nameUnderstander = "gpt-4o-mini"
	nameLarge        = "gpt-4o"
)

// The models that are asked unless configured otherwise.
const (
	DefaultSpeechModel = "whisper-1"
	DefaultSmallModel  = "gpt-4o-mini"
	DefaultLargeModel  = "gpt-4o"
)

//go:embed prompts schemas
var files embed.FS

var (
	promptIntent  = file("prompts/intent.txt")
	promptView    = file("prompts/view.txt")
	promptAnswer  = file("prompts/answer.txt")
	promptMeaning = file("prompts/meaning.txt")
	schemaIntent  = &openai.Schema{Name: "recall_intent", JSON: json.RawMessage(file("schemas/intent.json"))}
	schemaDraft   = &openai.Schema{Name: "recall_draft", JSON: json.RawMessage(file("schemas/draft.json"))}
)

// file is a part of the program, so that its absence is a mistake of the build.
func file(name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// asked is the conversation of one instruction and one message of data.
func asked(instruction string, data any) ([]openai.Message, error) {
	text, err := asData(data)
	if err != nil {
		return nil, err
	}
	return []openai.Message{{Role: "system", Text: instruction}, {Role: "user", Text: text}}, nil
}
