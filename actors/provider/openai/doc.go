// Package openai speaks the three calls of the OpenAI interface that a recall needs:
// a transcription, a chat answered at once, and a chat answered as a stream. It
// knows bytes and faults, not songs; what is said to the models is in package gpt.
//
// The formats are those of PROVIDERS.md, B1 to B3, and the differences of servers
// that speak the same interface are those of B6: Ollama, vLLM, llama.cpp,
// whisper.cpp and speaches serve as well, with the switches of [Config].
//
// Three clocks guard a stream: [Config.Headers] for the beginning of the answer,
// [Config.Idle] between two events of it, and the caller's context for the whole. A
// recording or picture is read while it is sent and never held in memory.
//
// There is no retry here: the supervisor above owns that, and its breaker must see
// each failure. A client has no state of its own and any number of goroutines may
// use it.
package openai
