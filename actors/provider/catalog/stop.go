package catalog

import "strings"

// wordClass is how much a word of a query can tell.
type wordClass uint8

const (
	content wordClass = iota
	generic           // said of half of all songs: "chorus", "band"
	filler            // said of the search, not of the song: "remember", "heard"
	stop              // grammar
)

// share is the part of its idf that a word of the class keeps.
func (c wordClass) share() float32 {
	return [...]float32{content: 1, generic: 0.4, filler: 0.12, stop: 0.15}[c]
}

func isStop(folded []byte) bool { return stopWords[string(folded)] }

func classOf(folded string) wordClass {
	switch {
	case stopWords[folded] || len(folded) == 1 && (folded[0] < '0' || folded[0] > '9'):
		return stop
	case fillerWords[folded]:
		return filler
	case genericWords[folded]:
		return generic
	}
	return content
}

var stopWords = setOf(`a an the and or but so if then than that this these those there here it its itself
i im ive id ill me my mine we us our ours you your youre yours youve he him his hes she her hers shes they them their theirs theyre
is am are was were be been being isnt arent wasnt werent do does did done dont doesnt didnt have has had having havent hasnt hadnt
will would shall should can could may might must wont wouldnt cant couldnt shouldnt
of in on at to from by for with without about into onto over under up down out off as through during before after again
who whom whose which what whats when where why how whos wheres whens thats theres
not no nor yes yeah too very just only also even both some any all each every other more most such own same few much many lot lots
get gets got go going gonna gotta wanna let lets
de la le les el los las un una une du des der das und et y en que`)

var fillerWords = setOf(`song songs track tune tunes music sing sings singing sung sang goes called named name title titled
remember remembered recall think thinking thought believe maybe perhaps probably possibly guess sure unsure dunno idea
kind kinda sort sorta something someone somewhere anything somehow like heard hear hearing listen listened know knew known
looking look find search searching identify trying try tell say says said saying mean means sounds sound sounded
thing things stuff bit part parts really pretty quite rather actually basically anyway please thanks help hello hey ok okay well um uh er hmm
cant forgot forget forgotten stuck head definitely certain certainly seem seems type one ones lyrics lyric words
used play playing played plays came come comes made make makes around back older newer earlier later recent always never ever once still while`)

var genericWords = setOf(`singer vocalist voice vocals vocal band artist group duo chorus refrain verse verses hook melody beat line
hit famous popular known big huge old new guy person people someone video clip version start starts beginning intro end ending
radio kid kids time year years day long short good great nice cool main first last two sings loud soft`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
