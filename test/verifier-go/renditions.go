package main

import (
	"bytes"
	"crypto/sha256"
	"io"
	"sort"
)

// part is one file of a rendition.
type part struct {
	isInit        bool
	number, bytes int64
	sha256        []byte
}

// track is one playable form of a rendition as the ledger describes it; kind is empty while the rendition is not ready.
type track struct {
	kind  string
	parts []part
}

// endOf has the kinds of tracks, and what the paths of their files end in.
var endOf = map[string]string{"video": "mp4", "audio": "m4a", "still": "jpg"}

// tracksOf lists the tracks of a rendition by their numbers; false when an event about them is not as described.
func (r *recordingCheck) tracksOf(renditionID string) (map[int64]*track, bool) {
	published, areDescribed := r.publishedTracks(renditionID)
	ready, isReady := r.readyEvent(renditionID)
	if !areDescribed || !isReady {
		return published, areDescribed
	}
	named, hasTracks := ready.details["tracks"]
	if !hasTracks {
		kind, _ := ready.details["renditionKind"].(string)
		for _, one := range published {
			one.kind = kind
		}
		return published, endOf[kind] != ""
	}
	list, isList := named.([]any)
	tracks := map[int64]*track{}
	for _, one := range list {
		members, isObject := one.(map[string]any)
		o := &object{members: members}
		number, kind := o.whole("track"), o.text("kind")
		if !isObject || o.err != nil || endOf[kind] == "" || tracks[number] != nil {
			return nil, false
		}
		tracks[number] = &track{kind: kind}
		if files := published[number]; files != nil {
			tracks[number].parts = files.parts
		}
	}
	return tracks, isList
}

// publishedTracks gathers the files that were published of a rendition, in the order of the playable forms.
func (r *recordingCheck) publishedTracks(renditionID string) (map[int64]*track, bool) {
	tracks := map[int64]*track{}
	for _, event := range r.eventsOf("rendition.published") {
		if event.details["renditionId"] != renditionID {
			continue
		}
		files, isList := event.details["files"].([]any)
		if !isList {
			return nil, false
		}
		for _, one := range files {
			members, isObject := one.(map[string]any)
			if !isObject {
				return nil, false
			}
			o := &object{members: members}
			kind, _ := members["kind"].(string)
			if kind != "init" && kind != "segment" && kind != "still" {
				continue
			}
			number := int64(0)
			if _, hasTrack := members["track"]; hasTrack {
				number = o.whole("track")
			}
			piece := part{kind == "init", o.whole("number"), o.whole("bytes"), o.hex("sha256", 32)}
			if o.err != nil {
				return nil, false
			}
			if tracks[number] == nil {
				tracks[number] = &track{}
			}
			tracks[number].parts = append(tracks[number].parts, piece)
		}
	}
	for _, one := range tracks {
		sort.SliceStable(one.parts, func(i, j int) bool {
			if one.parts[i].isInit != one.parts[j].isInit {
				return one.parts[i].isInit
			}
			return one.parts[i].number < one.parts[j].number
		})
	}
	return tracks, true
}

// readyEvent finds the last event that says that a rendition is ready.
func (r *recordingCheck) readyEvent(renditionID string) (event, bool) {
	last := event{line: eventLine{index: -1}}
	for _, event := range r.eventsOf("rendition.ready") {
		if event.details["renditionId"] == renditionID && event.line.index > last.line.index {
			last = event
		}
	}
	return last, last.line.index >= 0
}

// isJoined tells whether a file is these parts one after another.
func isJoined(file *file, parts []part, total int64) bool {
	if file.size != total {
		return false
	}
	reader, err := file.open()
	if err != nil {
		panic(err)
	}
	defer reader.Close()
	for _, part := range parts {
		hash := sha256.New()
		if _, err := io.CopyN(hash, reader, part.bytes); err != nil {
			panic(err)
		}
		if !bytes.Equal(hash.Sum(nil), part.sha256) {
			return false
		}
	}
	return true
}
