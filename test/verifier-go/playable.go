package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
)

// checkPlayables holds the playable forms of a recording against the tracks of the rendition that they say they are.
func (r *recordingCheck) checkPlayables(sealed sealedDigest) {
	if len(r.line.playable) == 0 {
		if r.withFootage && !r.mayLackPlayable() {
			r.v.add("rendition_missing", "no playable form of %s is in the package", r.line.id)
		}
		return
	}
	renditionID := r.line.playable[0].renditionID
	tracks, areDescribed := r.tracksOf(renditionID)
	if !areDescribed {
		r.v.add("recording_differs", "the ledger's entries of rendition %s are not as described", renditionID)
	}
	isPresent := map[int64]bool{}
	previous := int64(-1)
	for _, playable := range r.line.playable {
		if playable.track <= previous || playable.renditionID != renditionID {
			r.v.add("recording_differs", "the tracks of %s do not ascend, or are of two renditions", r.line.id)
		}
		previous, isPresent[playable.track] = playable.track, true
	}
	_, isReady := r.readyEvent(renditionID)
	isWhole := isReady
	for number, track := range tracks {
		isWhole = isWhole && isPresent[number] && len(track.parts) > 0
	}
	if r.withFootage && !isWhole {
		r.v.add("rendition_missing", "the rendition of %s is not ready, or lacks a track", r.line.id)
	}
	isOfSealed := r.isMadeOf(renditionID, sealed)
	if !isOfSealed {
		r.v.add("rendition_other_original", "the rendition of %s was not made of the sealed bytes", r.line.id)
	}
	for _, playable := range r.line.playable {
		if r.isAsMade(playable, tracks[playable.track]) {
			r.media[playable.path] = isOfSealed
		}
	}
}

// isAsMade checks one line against its track, and its file against the files of the track.
func (r *recordingCheck) isAsMade(playable playableFile, track *track) bool {
	path := fmt.Sprintf("data/playable/%s-%d.%s", r.line.id, playable.track, endOf[playable.kind])
	if track == nil || playable.path != path || (track.kind != "" && track.kind != playable.kind) {
		r.v.add("recording_differs", "the line of %s says another track %d than the ledger", r.line.id, playable.track)
	}
	file, found := r.bag.files[playable.path]
	if !found && r.withFootage {
		r.v.add("rendition_missing", "%s is not there", playable.path)
	}
	if track == nil {
		return false
	}
	var total int64
	for _, part := range track.parts {
		total += part.bytes
	}
	if playable.bytes != total {
		r.v.add("recording_differs", "the line of %s says another length of track %d", r.line.id, playable.track)
	}
	if !found {
		return false
	}
	if !isJoined(file, track.parts, total) {
		r.v.add("rendition_differs", "%s is not what the ledger committed", playable.path)
		return false
	}
	if !bytes.Equal(file.sha256[:], playable.sha256) {
		r.v.add("recording_differs", "the line of %s says another digest of track %d", r.line.id, playable.track)
	}
	return true
}

func (r *recordingCheck) mayLackPlayable() bool {
	for _, event := range r.eventsOf("alarm.raised") {
		if event.details["alarm"] == "rendition_bytes_differ" {
			return true
		}
	}
	for _, event := range r.eventsOf("rendition.ready") {
		if _, isText := event.details["renditionId"].(string); isText {
			return r.isWithheld()
		}
	}
	return true
}

func (r *recordingCheck) isMadeOf(renditionID string, sealed sealedDigest) bool {
	for _, event := range r.eventsOf("rendition.published") {
		if event.details["renditionId"] == renditionID && event.details["inputSha256"] != hex.EncodeToString(sealed.sha256) {
			return false
		}
	}
	return true
}
