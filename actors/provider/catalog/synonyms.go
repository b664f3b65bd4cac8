package catalog

import "strings"

// synonyms are groups of words that people use for one another when they
// describe music: general English of voices, instruments, feelings, places and
// stories, not words of particular songs. A word of a group also finds the
// others, at a discount.
var synonyms = synonymTable(`
woman female girl lady women womans womens
man male guy boy men mans mens fella
singer vocalist sings singing sung sang sing vocals voice
duet duo pair together both
choir choral chorus gospel
children kids child kid childrens schoolchildren
mother mum mom mama mommy
father dad daddy papa
brother sibling sister
husband wife married marriage wedding marry bride groom
boyfriend girlfriend lover partner sweetheart
ex former breakup split separation leaving left dumped
heartbreak heartbroken heartache brokenhearted broken
cheating unfaithful affair infidelity betrayal cheated adultery
jealous jealousy envy
friend friendship mate buddy friends pal
king queen prince princess royal
film movie cinema soundtrack
television tv series show sitcom
advert advertisement commercial ad ads adverts
game videogame gaming
football soccer stadium
sport sports match boxing
dance dancing dancer dancefloor danced choreography
disco club nightclub clubbing
party partying celebration celebrate celebrating festive
drunk drinking drink alcohol booze whiskey beer wine bar pub
drug drugs heroin cocaine addiction addicted
smoke smoking cigarette
prison jail convict prisoner locked
murder kill killing killer killed shot shooting gun
dead death die dying died dies funeral grave
ghost ghosts haunted spooky halloween monster horror
war soldier army military soldiers battle
peace pacifist protest antiwar
politics political
god religious jesus prayer pray church faith spiritual hymn biblical
devil satan hell
heaven angel angels
sea ocean sailing sailor boat ship waves
beach sand surf surfing shore holiday
river stream water lake
rain raining rainy storm
sun sunshine sunny sunlight
summer holiday summertime
winter snow cold christmas
moon night midnight nocturnal moonlight
star stars space astronaut universe cosmic planet
morning dawn sunrise waking wake
evening dusk sunset
street road highway drive driving
car cars automobile vehicle truck
train railway railroad
plane flying fly flight airplane aeroplane
travel travelling traveling journey trip wandering
home house homecoming hometown
homesick longing homeland
city town urban
village countryside rural farm
mountain hill
africa african
money cash rich wealth wealthy riches
poor poverty working worker
work job office workday
school teacher classroom student pupil
teenage teen teenager adolescent youth young
old aging ageing elderly
memory memories nostalgia nostalgic looking remembering
dream dreams dreaming dreamy
sleep lullaby bedtime
lonely loneliness alone solitude isolated solitary
sad melancholic melancholy sorrowful mournful wistful bittersweet gloomy sorrow tearful blue
cry crying tears weeping
happy joyful cheerful joyous upbeat feelgood happiness joy
angry aggressive furious rage anger
scary menacing ominous dark eerie creepy sinister
calm gentle peaceful soothing mellow relaxing relaxed tender quiet laidback chill
romantic love loving loved tender affection
sexy sensual seductive sultry erotic lusty
funny humorous comic silly comedy novelty joke goofy
energetic lively driving exciting energy
powerful strong belting soaring big huge
epic grand dramatic anthemic bombastic theatrical
uplifting inspiring hopeful motivational encouraging empowering empowerment triumphant
hope optimism optimistic
independent independence survive survivor selfreliance strong
freedom free liberated liberation
rebel rebellious rebellion revolt defiant
weird strange quirky odd bizarre
catchy infectious earworm
hypnotic repetitive trance mesmerising
guitar guitars guitarist
acoustic unplugged strummed fingerpicked picked picking
electric distorted distortion fuzz
riff lick hook
bass bassline
drum drums percussion drumming
drummachine drum
piano keys pianist
organ hammond
synth synthesizer synthesiser synths synthesizers keyboard electronic
strings violin violins orchestra orchestral cello
fiddle violin
trumpet brass horn horns trombone
sax saxophone saxophonist
flute whistle recorder pipes panpipe
whistle whistling whistled
harmonica mouthharp
accordion squeezebox
clap claps clapping handclaps handclap
snap snapping snaps
shout shouted shouting yelling yell scream screaming screamed
whisper whispered whispering breathy
spoken speaking talking talk narration monologue speech
rap rapped rapper rapping raps
falsetto high highpitched
deep low baritone
husky raspy gravelly rough hoarse gruff smoky
robot robotic vocoder autotune talkbox
harmony harmonies harmonised harmonized
wordless humming hum
opera operatic aria classical
scat nonsense gibberish syllables
stutter stuttering stammer
counting numbers count
spelled spelling spells letters
call answer response
cartoon animated animation drawn sketch
blackandwhite monochrome
nude naked
costume dress dressed outfit
hair wig
mask masked
mirror reflection
window door
phone telephone call calling
letter postcard writing write
radio dj
photograph picture photo camera
clock time
fire burning flames burn
crazy mad insane madness lunatic
run running runaway escape flee
fight fighting fought boxer
goodbye farewell parting leave leaving
apology sorry apologise apologize forgiveness regret
beg begging plead pleading pleads
promise vow devotion loyalty loyal
wait waiting
lost missing search searching
baby darling honey
dog hound puppy
cat kitten
bird birds
horse cowboy western
flower rose flowers roses garden
tree trees forest woods
bomb nuclear atomic explosion
slow ballad
fast uptempo quick rapid
stomp stomping stamping
cover remake version
sample sampled samples
anthem rallying chant
chant chanting chants
singalong crowd
unrequited longing yearning pining
obsession obsessive stalker obsessed
secret hidden
mr mister
mrs missus
doctor dr
street st
okay ok
one 1
two 2
three 3
four 4
five 5
seven 7
ten 10
magic magical spell witch
suicide
birth born newborn pregnant pregnancy
refugee immigrant exile
robot machine computer
future futuristic
clown circus
doll toy
diamond gold jewel
shoes boots
eyes eye gaze
kiss kissing kissed
hand hands holding
viral meme internet tiktok youtube
eurovision contest
finale credits
`)

// synonymShare is what a synonym is worth beside the word itself.
const synonymShare = 0.6

// synonymTable maps each stem to the stems of its groups.
func synonymTable(groups string) map[string][]string {
	table := map[string][]string{}
	for group := range strings.Lines(strings.TrimSpace(groups)) {
		words := stems(strings.Fields(group))
		for _, w := range words {
			for _, other := range words {
				if other != w {
					table[w] = append(table[w], other)
				}
			}
		}
	}
	return table
}

func stems(words []string) []string {
	seen, list := map[string]bool{}, []string{}
	for _, w := range words {
		if s := stemString(w); !seen[s] {
			seen[s] = true
			list = append(list, s)
		}
	}
	return list
}
