package load

// Kind is what a user does.
type Kind uint8

// What users do. The first five of them are recalls.
const (
	Ask      Kind = iota // a question in a new thread
	FollowUp             // a question in a thread that is there
	Voice                // a voice note, uploaded over the socket, in a thread that is there or a new one
	Cancel               // a question that is taken back soon after
	Hammer               // seven questions at once, of a user who keeps at it
	Page                 // messages.list of one of its threads
	List                 // thread.list
	Resume               // the connection is cut without a word and comes back with hello.resume
	kinds
)

var kindNames = [kinds]string{"ask", "follow-up", "voice", "cancel", "hammer", "page", "list", "resume"}

func (k Kind) String() string { return kindNames[k] }

// hammered is how many recalls a hammering user sends at once, and hammering how often
// in succession: 21, where 10 a minute and 5 at once are allowed.
const (
	hammered  = 7
	hammering = 3
)

// recalls is how many an arrival of this kind brings.
func (k Kind) recalls() int {
	switch k {
	case Ask, FollowUp, Voice, Cancel:
		return 1
	case Hammer:
		return hammered
	default:
		return 0
	}
}

// Mix is how often each kind comes, in parts of any whole.
type Mix [kinds]float64

// everyday is the traffic of full and short; typed that of sustain and ceiling. The doc
// of the package has the same numbers.
var (
	everyday = Mix{Ask: 30, FollowUp: 25, Voice: 4, Cancel: 4, Hammer: 1, Page: 20, List: 10, Resume: 6}
	typed    = Mix{Ask: 34, FollowUp: 66}
)

func (m Mix) sum() (all float64) {
	for _, weight := range m {
		all += weight
	}
	return all
}

// recalls is how many recalls an arrival brings on the average.
func (m Mix) recalls() float64 {
	if m.sum() == 0 {
		return 0
	}
	all := 0.0
	for k, weight := range m {
		all += weight * float64(Kind(k).recalls()) //nolint:gosec // there are eight
	}
	return all / m.sum()
}

// arrivals is how many arrivals a second bring a rate of recalls.
func (m Mix) arrivals(rate float64) float64 {
	if m.recalls() == 0 {
		return 0
	}
	return rate / m.recalls()
}

// pick takes a number from 0 to 1 to a kind.
func (m Mix) pick(at float64) Kind {
	at *= m.sum()
	last := Ask
	for k, weight := range m {
		if weight == 0 {
			continue
		}
		last = Kind(k) //nolint:gosec // there are eight
		if at < weight {
			return last
		}
		at -= weight
	}
	return last
}
