// Command verifier checks evidence packages, written from services/ledger/DESIGN.md alone: section numbers in comments
// are of that page.
//
//	verifier --trust trust.json [--json] [--now TIME] PATH…
//
// PATH is a zip file or a folder. It exits with 0 when every package is accepted, 1 when one is not, 2 when it could not
// be asked.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"
)

// line is what --json prints for each path.
type line struct {
	Path     string   `json:"path"`
	Accepted bool     `json:"accepted"`
	Fault    *string  `json:"fault"`
	Codes    []string `json:"codes"`
	Remarks  []string `json:"remarks"`
}

func main() {
	trustPath := flag.String("trust", "", "the trust file of section 5, from outside the package")
	asJSON := flag.Bool("json", false, "print one line of JSON for each path")
	nowText := flag.String("now", "", "what the clock says, as 2026-09-01T08:00:00Z; that of this computer when left out")
	flag.Parse()
	if *trustPath == "" || flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: verifier --trust trust.json [--json] [--now TIME] PATH…")
		os.Exit(2)
	}
	trust, err := readTrust(*trustPath)
	if err != nil {
		fmt.Fprintf(os.Stderr, "the trust file %s cannot be used: %v\n", *trustPath, err)
		os.Exit(2)
	}
	now := time.Now()
	if *nowText != "" {
		if now, err = time.Parse(time.RFC3339, *nowText); err != nil {
			fmt.Fprintf(os.Stderr, "--now: %v\n", err)
			os.Exit(2)
		}
	}
	exit := 0
	for _, path := range flag.Args() {
		verdict := verifyPath(path, trust, now)
		if !verdict.accepted() {
			exit = 1
		}
		if *asJSON {
			printJSON(path, verdict)
		} else {
			printPlain(path, verdict)
		}
	}
	os.Exit(exit)
}

func printJSON(path string, verdict *verdict) {
	result := line{Path: path, Accepted: verdict.accepted(), Codes: verdict.codes(), Remarks: verdict.remarks}
	if !result.Accepted {
		result.Fault = &result.Codes[0]
	}
	text, err := json.Marshal(result)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}

func printPlain(path string, verdict *verdict) {
	if verdict.accepted() {
		fmt.Printf("%s: accepted\n", path)
		for _, code := range verdict.remarks {
			fmt.Printf("  remark: %s\n", code)
		}
		return
	}
	fmt.Printf("%s: NOT accepted\n", path)
	for _, code := range verdict.codes() {
		fmt.Printf("  %s: %s\n", code, verdict.faults[code])
	}
}
