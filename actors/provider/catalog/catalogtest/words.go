package catalogtest

import "strings"

var (
	titleWords = strings.Fields(`love night you heart baby time day world girl dance fire dream light home rain eyes boy blue life summer
way sun moon crazy heaven tonight free sweet lonely star river angel road feel good bad alone forever wild young gold black white
red dark morning midnight city street train sky water wind ocean island mountain desert storm thunder lightning shadow mirror glass
diamond silver crystal stone ice snow winter spring autumn flower rose garden tree bird wings fly run walk ride drive fall rise burn
break hold kiss touch cry smile laugh scream whisper echo silence voice radio stereo music rhythm soul spirit ghost devil magic
mystery secret promise lie truth trust faith hope peace war soldier king queen prince princess hero stranger lover friend sister
brother mother father daughter child kid people money paradise hell power glory freedom prison escape journey letter telephone
photograph picture memory yesterday tomorrow today sunday monday friday saturday june december california london paris america africa
mexico berlin tokyo hollywood highway bridge window door house hotel bar cafe market station harbour ship boat sail anchor engine
machine robot electric neon plastic velvet leather lace satin honey sugar candy cherry coffee whiskey wine smoke cigarette poison
fever medicine doctor bullet gun knife trigger target danger hurricane tornado earthquake avalanche waterfall volcano planet galaxy
satellite rocket gravity horizon sunrise sunset twilight dawn candle lantern torch ember ashes bones blood skin hair lips hands feet
shoes dress hat crown throne castle tower temple church bell drum guitar piano violin trumpet saxophone`)
	plainWords = strings.Fields(`voice guitar man video woman bass male drums synth piano girl dance film love riff young strings beat
rock high singer refrain chorus pop slow acoustic ballad line hook night soft rap choir boy brass female chords old american party
bright deep figure hair star short opening loop disco light machine solo people tune tenor rolling city groove day car low verses
sound country father black version soul fast hip percussion friends strong time rain stage shows falsetto funk bouncing football
handclaps train summer alone television street lover little black shouted spoken whispered warm dry fuzzy clean nervous swelling
orchestra harmony organ saxophone trumpet flute fiddle accordion whistle clap stomp marching waltz swing shuffle gospel church
wedding funeral prison school factory harbour island desert mountain forest river bridge market kitchen bedroom window mirror
telephone letter photograph newspaper radio cinema circus theatre museum hospital airport station hotel balcony rooftop garden
child mother brother sister soldier sailor teacher doctor dancer painter boxer cowboy king queen clown ghost robot monster
promise secret lie apology farewell memory regret jealousy desire hope fear anger pride shame courage boredom hunger fever
sunrise midnight winter autumn storm snow ocean moon candle fire smoke mirror glass silver velvet leather neon plastic
verse bridge ending fade intro key change echo reverb distortion sample scratch vocoder talkbox harmonica banjo mandolin sitar
marimba congas tambourine cowbell timpani harp cello viola clarinet oboe trombone tuba bagpipes kalimba steel ukulele`)
	grammarWords = strings.Fields(`the a and with of in to by on over about his her that for from at who is it he she they as then
while into after before through under one two three every no never only when where`)
	firstNames = strings.Fields(`anna ben clara david elena frank grace henry iris jack kate leo maria nina oscar paul rosa sam tina
victor wendy xavier yasmin zoe billy johnny tommy lucy ella frankie nat ray otis aretha etta carlos pedro luis ana lola jean marie
pierre hans greta lars ingrid olga ivan yuki kenji mina jun omar leila samir fatima kofi ama raj priya`)
	moods = strings.Fields(`romantic nostalgic energetic festive defiant tender upbeat playful melancholic joyful wistful anthemic uplifting
hopeful euphoric yearning sensual dreamy sunny dramatic silly dark hypnotic desperate bittersweet triumphant heartbroken groovy`)
	themes = strings.Split(`love,heartbreak,dancing,guitar riff,synth riff,freedom,film theme,falsetto,key change,power ballad,loneliness,youth,
party,jealousy,piano ballad,whistling,brass,first love,apology,road trip,new york,rain,letter from home,growing old,small town,working life,
prison,war,peace,the sea,night drive,school days,family,money,fame,dreams,hope,betrayal,summer,christmas,football stadium,television advert,
children's choir,saxophone solo,drum machine,spoken verses,wedding,farewell,friendship,city lights,space travel,ghosts,politics`, ",")
	genres = strings.Split(`pop,rock,hip-hop,soul,r&b,synth-pop,country,folk,disco,house,indie,metal,punk,latin,jazz,reggae,new wave,blues,funk,
electronic,alternative,techno,schlager,chanson,k-pop,j-pop,afrobeat,gospel,ska,bossa nova,soundtrack,classical crossover,trance,grunge`, ",")
	languages = strings.Fields(`en es fr de it pt ja ko hi zxx ru tr ar sv nl pl zh`)
	onsets    = strings.Fields(`b br c ch d dr f fl g gr h j k kl l m n p pr qu r s sh st t th tr v w y z`)
	vowels    = strings.Fields(`a e i o u ai ea ee ou oo ie`)
	codas     = strings.Fields(`n r l s t m nd rt x ck ng th`)
)

func init() {
	for _, list := range [][]string{themes, genres} {
		for i := range list {
			list[i] = strings.TrimSpace(list[i])
		}
	}
}
