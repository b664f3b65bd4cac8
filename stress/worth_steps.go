package main

import "time"

// This file is what one person does in each part of the load, as told in
// worth_script.go.

func readingSteps(devices int) []step {
	const ms = time.Millisecond
	var steps []step
	for d := range devices {
		steps = append(steps, step{0, d, come, ""}, step{100 * ms, d, listThreads, ""})
	}
	steps = append(steps, step{300 * ms, 0, turnThreads, ""}, step{600 * ms, 0, openInHaste, ""})
	if devices > 1 {
		steps = append(steps, step{600 * ms, 1, open, ""})
	}
	for page := range pagesTurned {
		for d := range devices {
			steps = append(steps, step{time.Duration(1000+400*page) * ms, d, turnPage, ""})
		}
	}
	for d := range devices {
		steps = append(steps, step{2000 * ms, d, listThreads, ""})
	}
	return steps
}

func askingSteps(person, devices int, questions []string) []step {
	const ms = time.Millisecond
	steps := []step{
		{0, 0, ask1st, firstQuestion(person, questions)}, {700 * ms, 0, askMore, reply(person)}, {1400 * ms, 0, askMore, reply(person + 1)},
		{2000 * ms, 0, readNew, ""}, {2050 * ms, 0, listThreads, ""}, {2200 * ms, 0, readOld, ""}, {2250 * ms, 0, listThreads, ""},
	}
	if devices > 1 {
		steps = append(steps, step{400 * ms, 1, follow, ""}, step{2000 * ms, 1, readNew, ""}, step{2050 * ms, 1, listThreads, ""})
	}
	if person%together == together-1 {
		steps = append(steps, step{2300 * ms, 0, askAloud, questions[onAllLips+2*person+1]})
	}
	return steps
}

func talkingSteps(person int) []step {
	return []step{{0, 0, askMore, reply(person + 2)}, {700 * time.Millisecond, 0, askMore, reply(person + 3)}}
}

// firstQuestion is one that many ask for every other group, else the person's own.
func firstQuestion(person int, questions []string) string {
	if group := person / together; group%2 == 0 {
		return questions[group/2%onAllLips]
	}
	return questions[onAllLips+2*person]
}

// reply is the nth thing that somebody says to an answer.
func reply(n int) string { return replies[n%len(replies)] }

// replies are what people say when the first answer was not it.
var replies = []string{
	"no, it was a woman who sang it", "older than that, from the seventies I would say", "there was a saxophone in it",
	"slower, more of a ballad", "I heard it in a film about the sea", "not in English, perhaps Spanish", "with a choir of children at the end",
}
