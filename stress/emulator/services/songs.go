package services

// songs is what the model and the recognizers know: well-known ones out of the
// catalogue that ships with Recall, so that fusion has something to agree on. Album
// and year are facts; the descriptions are our own.
var songs = []song{
	{"Take On Me", "a-ha", "Hunting High and Low", 1985, "synth-pop", "en", "take on me, take me on", "asking somebody to take a chance on love before it is too late", "80s eighties norway norwegian band high falsetto synthesizer synth keyboard pencil drawing comic video"},
	{"Billie Jean", "Michael Jackson", "Thriller", 1982, "pop", "en", "Billie Jean is not my lover", "a man who denies that a child is his", "80s eighties bass moonwalk dance paternity"},
	{"Sweet Dreams (Are Made of This)", "Eurythmics", "Sweet Dreams (Are Made of This)", 1983, "synth-pop", "en", "sweet dreams are made of this", "everybody looking for something, cool and without hope", "80s eighties duo orange hair synth woman deep"},
	{"Africa", "Toto", "Toto IV", 1982, "soft rock", "en", "I bless the rains", "a man torn between his work on a distant continent and a person who visits him", "80s eighties rain drums chorus marimba"},
	{"Bohemian Rhapsody", "Queen", "A Night at the Opera", 1975, "rock", "en", "Mama, just killed a man", "a young man confessing to a killing, through ballad, opera and hard rock", "70s seventies opera operatic middle galileo piano slow freddie"},
	{"Dancing Queen", "ABBA", "Arrival", 1976, "disco", "en", "young and sweet, only seventeen", "a girl who owns the dance floor for one evening", "70s seventies swedish sweden girl seventeen"},
	{"Imagine", "John Lennon", "Imagine", 1971, "pop", "en", "imagine all the people", "a world without borders, possessions or religion", "70s seventies piano peace slow ballad"},
	{"Hotel California", "Eagles", "Hotel California", 1976, "rock", "en", "such a lovely place", "a traveller lured into a luxury that cannot be left", "70s seventies guitar solo desert highway"},
	{"Yesterday", "The Beatles", "Help!", 1965, "pop", "en", "all my troubles seemed so far away", "a love that ended overnight", "60s sixties strings acoustic guitar sad"},
	{"Smells Like Teen Spirit", "Nirvana", "Nevermind", 1991, "grunge", "en", "here we are now, entertain us", "the boredom and anger of being young", "90s nineties quiet loud guitars smell seattle baby swimming"},
	{"Wonderwall", "Oasis", "(What's the Story) Morning Glory?", 1995, "britpop", "en", "you're gonna be the one that saves me", "hoping that somebody will be one's rescue", "90s nineties british manchester acoustic strumming"},
	{"Zombie", "The Cranberries", "No Need to Argue", 1994, "alternative", "en", "what's in your head", "grief for children killed in a political conflict", "90s nineties irish ireland woman yodel head protest"},
	{"Macarena", "Los del Río", "A mí me gusta", 1993, "latin", "es", "dale a tu cuerpo alegría", "a woman who enjoys herself while her boyfriend is away", "90s nineties spanish dance arms summer"},
	{"Lose Yourself", "Eminem", "8 Mile (soundtrack)", 2002, "hip-hop", "en", "mom's spaghetti", "a rapper with one chance to prove himself", "2000s rap film detroit sweaty one shot"},
	{"Seven Nation Army", "The White Stripes", "Elephant", 2003, "rock", "en", "a seven nation army couldn't hold me back", "defying gossip and everybody who stands in the way", "2000s stadium football chant riff bass"},
	{"Mr. Brightside", "The Killers", "Hot Fuss", 2003, "indie", "en", "it was only a kiss", "jealousy that imagines the worst", "2000s jealous indie las vegas"},
	{"Rolling in the Deep", "Adele", "21", 2010, "soul", "en", "we could have had it all", "anger at a love that was thrown away", "2010s british soul voice woman stomping"},
	{"Get Lucky", "Daft Punk feat. Pharrell Williams", "Random Access Memories", 2013, "disco", "en", "we're up all night to get lucky", "a night out that goes on until it works out", "2010s french robots helmets guitar funk"},
	{"Uptown Funk", "Mark Ronson feat. Bruno Mars", "Uptown Special", 2014, "funk", "en", "don't believe me, just watch", "showing off, and knowing that it works", "2010s brass dance"},
	{"Despacito", "Luis Fonsi feat. Daddy Yankee", "Vida", 2017, "reggaeton", "es", "des-pa-cito", "courting somebody slowly, on a warm evening", "2010s spanish summer slowly latin everybody danced puerto rico"},
	{"Blinding Lights", "The Weeknd", "After Hours", 2019, "synth-pop", "en", "I said, ooh, I'm blinded", "driving through a city at night, needing somebody", "2010s 2020s synth retro drive night"},
	{"Gangnam Style", "PSY", "Psy 6 (Six Rules), Part 1", 2012, "k-pop", "ko", "oppan Gangnam style", "mocking the manners of a rich district", "2010s korean korea horse dance viral video"},
	{"Thriller", "Michael Jackson", "Thriller", 1982, "pop", "en", "'cause this is thriller, thriller night", "a horror film come alive on the way home", "80s eighties zombie zombies werewolf halloween"},
	{"My Heart Will Go On", "Celine Dion", "Let's Talk About Love", 1997, "soundtrack", "en", "near, far, wherever you are", "a love that outlives death", "90s nineties titanic ship film flute ballad"},
}
