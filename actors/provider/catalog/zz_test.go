package catalog
import ("testing";"recall/actors/recall")
func TestZZ(t *testing.T){
 x:=New(); x.Upsert(starterSongs(t)...)
 for _, text := range []string{"abba","queen","danzing queen"} {
 snap:=x.now.Load()
 q:=newQuery(snap, readTurns(recall.Query{Text:text},2025,snap))
 for i,r := range offerable(q.rank(q.shortlist()),nil) { if i>2 {break}
  t.Logf("%s: %s title %v", text, r.song.Title, r.title)
  for _, m := range r.matches { t.Logf("   %+v | said %q name %q how %v term %q fields %b", m.worth, m.unit.said, m.unit.name, m.how, m.term, m.fields) }
 }}
}
