export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            missing: {
                                [key: string]: string;
                            };
                            ready: boolean;
                        };
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            missing: {
                                [key: string]: string;
                            };
                            ready: boolean;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/desk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What lies at the desk for cards and exports; null where the station has none */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            desk: {
                                devices: {
                                    keeper: string | null;
                                    kind: string;
                                    /** @description what the code on its label says */
                                    label: string;
                                    model: string | null;
                                    serial: string;
                                }[];
                                media: {
                                    bytes: number | null;
                                    id: string;
                                    /** @description it is there, but cannot be looked into */
                                    isUnreadable: boolean;
                                    /** @enum {unknown} */
                                    kind: "card" | "cable" | "folder";
                                    /** @description to read; never trusted as markup */
                                    name: string;
                                    serial: string | null;
                                    slot: number | null;
                                }[];
                                people: {
                                    id: string;
                                    name: string;
                                    number: string | null;
                                }[];
                            } | null;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/desk/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says whose a medium is and who takes it in, and begins */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        by: ({
                            personId: string;
                        } | {
                            card: string;
                        }) | null;
                        isScanned: boolean;
                        medium: string;
                        serial: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            slot: number;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes as they come */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description events `state`, `card`, `head` and `beat` */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/hand-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was handed in on a day, by the time of Beijing, the newest first */
        get: {
            parameters: {
                query: {
                    date: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            handIns: {
                                at: number;
                                files: number;
                                person: string | null;
                                /** @enum {unknown} */
                                result: "receipts" | "provisional" | "no_receipt" | "attention" | "pulled_out" | "picked_up";
                                serial: string | null;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One slot with its files and gaps */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            card: {
                                attention: {
                                    count: number | null;
                                    detail: string | null;
                                    /** @enum {unknown} */
                                    word: "unknown_volume" | "two_devices_one_serial" | "file_unreadable" | "pulled_out" | "spool_full" | "refused_by_server" | "quarantined" | "digest_differs" | "changed_after_list" | "copy_damaged" | "receipt_wrong" | "not_in_service" | "volume_damaged" | "unlock_failed" | "card_to_seal" | "clear_failed" | "read_from_memory" | "files_not_listed" | "post_refused";
                                } | null;
                                batteryPercent: number | null;
                                bytes: {
                                    read: number;
                                    sent: number;
                                    total: number;
                                };
                                bytesPerSecond: number;
                                check: {
                                    clockOffsetMs: number | null;
                                    freePercent: number | null;
                                    instead: {
                                        serial: string;
                                        slot: number;
                                    } | null;
                                    taker: {
                                        id: string;
                                        name: string;
                                        number: string | null;
                                    } | null;
                                    unfit: ("battery" | "space" | "clock" | "state")[];
                                } | null;
                                deviceKind: string | null;
                                files: {
                                    cleared: number;
                                    onDevice: number;
                                    provisional: number;
                                    read: number;
                                    receipts: number;
                                    secured: number;
                                    sent: number;
                                    total: number;
                                    unreadable: number;
                                };
                                gaps: number;
                                isPickedUp: boolean;
                                leftMs: number | null;
                                marked: {
                                    secured: number;
                                    total: number;
                                };
                                mayLeave: boolean;
                                person: {
                                    id: string;
                                    name: string;
                                    number: string | null;
                                } | null;
                                receiptAt: number | null;
                                serial: string | null;
                                since: number | null;
                                slot: number;
                                /** @enum {unknown} */
                                word: "empty" | "asking" | "unread" | "reading" | "uploading" | "checking" | "copying" | "provisional" | "ready" | "charging" | "attention" | "taken";
                            };
                            clockOffsetMs: number | null;
                            files: {
                                bytes: number;
                                /** @enum {unknown} */
                                cleared: "no" | "yes" | "before_witness" | "failed";
                                mark: boolean;
                                /** @description to read; never trusted as markup */
                                name: string;
                                number: number;
                                /** @enum {unknown} */
                                read: "waiting" | "running" | "done" | "failed";
                                /** @enum {unknown} */
                                receipt: "none" | "provisional" | "witnessed" | "wrong";
                                receiptReason: string | null;
                                recordedAt: string | null;
                                sent: number;
                                /** @enum {unknown} */
                                state: "waiting" | "receiving" | "complete" | "sealed" | "secured" | "quarantined" | "duplicate" | "refused";
                            }[];
                            gaps: {
                                after: string | null;
                                before: string | null;
                                explained: {
                                    /** @enum {unknown} */
                                    grade: "slot" | "card" | "code" | "password";
                                    /** @enum {unknown} */
                                    reason: "battery" | "storage_full" | "device_fault" | "asked_by_party" | "operating_error" | "clock" | "other";
                                    words: string | null;
                                } | null;
                                fromTime: string | null;
                                id: string;
                                /** @enum {unknown} */
                                kind: "time" | "number" | "not_read";
                                lengthMs: number | null;
                                missingNumbers: number | null;
                                proposed: {
                                    /** @enum {unknown} */
                                    because: "battery" | "storage" | "clock";
                                    /** @enum {unknown} */
                                    reason: "battery" | "storage_full" | "device_fault" | "asked_by_party" | "operating_error" | "clock" | "other";
                                    value: number;
                                } | null;
                                toTime: string | null;
                            }[];
                            handInId: string | null;
                            insertedAt: number | null;
                            isClockSet: boolean;
                            isKeptThisTime: boolean;
                            keptCard: {
                                keeper: string;
                                place: string;
                                sealNumber: string;
                            } | null;
                            model: string | null;
                            /** @enum {unknown} */
                            policy: "clear" | "keep" | "ask" | "seal_card";
                            serialBy: ("device" | "remembered" | "label" | "stated") | null;
                            statements: {
                                /** @enum {unknown} */
                                grade: "slot" | "card" | "code" | "password";
                                /** @enum {unknown} */
                                kind: "not_enforcement" | "no_number_yet";
                                numbers: number[];
                                words: string | null;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets the device be cleared, where the station asks */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description kept on the spool */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Devices that the volume may belong to, the likeliest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            devices: {
                                keeper: string | null;
                                kind: string;
                                /** @description what the code on its label says */
                                label: string;
                                model: string | null;
                                serial: string;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}/explanations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Explains a gap */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        gapId: string;
                        /** @enum {unknown} */
                        reason: "battery" | "storage_full" | "device_fault" | "asked_by_party" | "operating_error" | "clock" | "other";
                        words: string | null;
                    };
                };
            };
            responses: {
                /** @description kept on the spool */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}/keep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Does not clear the device this time */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description kept on the spool */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}/kept-card": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says under which seal the card is kept */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        keeper: string;
                        place: string;
                        sealNumber: string;
                    };
                };
            };
            responses: {
                /** @description kept on the spool */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who may be taking the device or keeping its card, the likeliest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            people: {
                                id: string;
                                name: string;
                                number: string | null;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}/pick-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes the device along before everything is in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        personId: string | null;
                        /** @enum {unknown} */
                        reason: "call_out" | "shift_change" | "other";
                    };
                };
            };
            responses: {
                /** @description kept on the spool */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}/print": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Prints the slip */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description kept on the spool */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Still here: 90 s from now */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            endsAt: number;
                            /** @enum {unknown} */
                            grade: "slot" | "card" | "code" | "password";
                            person: {
                                id: string;
                                name: string;
                                number: string | null;
                            };
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        /** Says who stands here */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        card: string;
                    } | {
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            endsAt: number;
                            /** @enum {unknown} */
                            grade: "slot" | "card" | "code" | "password";
                            person: {
                                id: string;
                                name: string;
                                number: string | null;
                            };
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        /** Leaves */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description kept on the spool */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}/slip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The slip of the slot as a page */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description for a printer, or to look at */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}/statements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says of files that they are no enforcement, or that their matter has no number yet */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        kind: "not_enforcement" | "no_number_yet";
                        numbers: number[];
                        words: string | null;
                    };
                };
            };
            responses: {
                /** @description kept on the spool */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}/taking": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says who takes the device along */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        personId: string;
                    };
                };
            };
            responses: {
                /** @description kept on the spool */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/slots/{slot}/whose": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says whose volume it is */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    slot: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        answer: "ours";
                        serial: string;
                    } | {
                        /** @enum {string} */
                        answer: "foreign";
                        words: string;
                    } | {
                        /** @enum {string} */
                        answer: "not_a_device";
                    };
                };
            };
            responses: {
                /** @description kept on the spool */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/screen/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything on the wall */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            at: number;
                            bytesPerSecond: number;
                            certificate?: ("not_trusted" | "out_of_date" | "other_name") | null;
                            /** @enum {unknown} */
                            clock: "proven" | "unproven" | "off";
                            contact: {
                                name: string;
                                phone: string;
                            } | null;
                            receiving: number;
                            recent: {
                                at: number;
                                files: number;
                                person: string | null;
                                /** @enum {unknown} */
                                result: "receipts" | "provisional" | "no_receipt" | "attention" | "pulled_out" | "picked_up";
                                serial: string | null;
                            }[];
                            /** @enum {unknown} */
                            server: "online" | "offline" | "refused";
                            settings: {
                                /** @enum {unknown} */
                                names: "name" | "number" | "both";
                                printer: boolean;
                                quietFrom: string | null;
                                quietTo: string | null;
                                sounds: boolean;
                            };
                            slots: {
                                attention: {
                                    count: number | null;
                                    detail: string | null;
                                    /** @enum {unknown} */
                                    word: "unknown_volume" | "two_devices_one_serial" | "file_unreadable" | "pulled_out" | "spool_full" | "refused_by_server" | "quarantined" | "digest_differs" | "changed_after_list" | "copy_damaged" | "receipt_wrong" | "not_in_service" | "volume_damaged" | "unlock_failed" | "card_to_seal" | "clear_failed" | "read_from_memory" | "files_not_listed" | "post_refused";
                                } | null;
                                batteryPercent: number | null;
                                bytes: {
                                    read: number;
                                    sent: number;
                                    total: number;
                                };
                                bytesPerSecond: number;
                                check: {
                                    clockOffsetMs: number | null;
                                    freePercent: number | null;
                                    instead: {
                                        serial: string;
                                        slot: number;
                                    } | null;
                                    taker: {
                                        id: string;
                                        name: string;
                                        number: string | null;
                                    } | null;
                                    unfit: ("battery" | "space" | "clock" | "state")[];
                                } | null;
                                deviceKind: string | null;
                                files: {
                                    cleared: number;
                                    onDevice: number;
                                    provisional: number;
                                    read: number;
                                    receipts: number;
                                    secured: number;
                                    sent: number;
                                    total: number;
                                    unreadable: number;
                                };
                                gaps: number;
                                isPickedUp: boolean;
                                leftMs: number | null;
                                marked: {
                                    secured: number;
                                    total: number;
                                };
                                mayLeave: boolean;
                                person: {
                                    id: string;
                                    name: string;
                                    number: string | null;
                                } | null;
                                receiptAt: number | null;
                                serial: string | null;
                                since: number | null;
                                slot: number;
                                /** @enum {unknown} */
                                word: "empty" | "asking" | "unread" | "reading" | "uploading" | "checking" | "copying" | "provisional" | "ready" | "charging" | "attention" | "taken";
                            }[];
                            spool: {
                                devicesWanted?: string[];
                                missingCopies?: number;
                                refusedFiles?: number;
                                sizeBytes: number;
                                /** @enum {unknown} */
                                state: "ok" | "filling" | "full";
                                usedBytes: number;
                                waitingBytes: number;
                            };
                            station: string;
                            today: {
                                expected: number;
                                handedIn: number;
                            };
                            trouble?: {
                                store: string;
                                /** @enum {unknown} */
                                word: "store_unreadable" | "file_held";
                            } | null;
                            witnessedAt: number | null;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Error */
        Error: {
            error: {
                /** @description a word of the fault table; programs decide by it */
                code: string;
                details?: {
                    [key: string]: unknown;
                };
                /** @description written for the person who reads it */
                message: string;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
