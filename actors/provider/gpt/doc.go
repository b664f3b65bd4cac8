// Package gpt is what we say to the language models and how we read what they say:
// the prompts, the forms of their structured answers, and the checks that an answer
// passes before anybody sees it. How bytes come and go is in package openai.
//
// What people, lyrics and catalogues say reaches a model only as strings of one JSON
// object, so that no text can end its own quotation, and the prompts call all of it
// data. That makes a model harder to talk round, not impossible; so whatever a rule of
// RECALL.md demands and code can check, [Writer] checks again.
//
// The schemas put first what is to be shown first. [Writer] reads the answer while it
// is being written: each candidate as its brace closes, the answer's text letter by
// letter. At the end the whole is decoded again, strictly, and says the same.
package gpt
