// The part of libcurl that Marquee uses, as plain functions: libcurl itself takes variable arguments, which Swift cannot call.

#ifndef CCURL_H
#define CCURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Starts the library. Call it once, before anything else. False if it does not start.
bool ccurl_init(void);

/// How far a conversation with a mail server has come: what we have last said to it.
typedef enum {
    CCURL_STAGE_CONNECT = 0,
    /// HELO, EHLO, STARTTLS.
    CCURL_STAGE_GREETING,
    CCURL_STAGE_AUTHENTICATION,
    CCURL_STAGE_SENDER,
    CCURL_STAGE_RECIPIENT,
    /// DATA, and the message.
    CCURL_STAGE_MESSAGE,
} ccurl_stage;

/// One message for one recipient. Texts end with a NUL; those that may be missing are null then.
typedef struct {
    /// smtp://host:port/name or smtps://host:port/name, where `name` is what we call ourselves.
    const char *url;
    const char *user;
    const char *password;
    /// Without angle brackets.
    const char *sender;
    const char *recipient;
    /// PEM file with the authorities to trust instead of the system's.
    const char *authorities;
    /// With smtp://, go on only after STARTTLS. Without it, nothing is encrypted.
    bool requires_tls;
    long connect_milliseconds;
    long total_milliseconds;
    const uint8_t *message;
    size_t message_count;
} ccurl_mail;

typedef struct {
    /// CURLcode: 0 when the server has taken the message.
    int code;
    /// libcurl's words for it.
    const char *words;
    /// The server's last reply code; 0 if it said nothing.
    int reply;
    /// Its enhanced status code (RFC 3463), such as "5.1.1"; empty if there was none.
    char status[12];
    ccurl_stage stage;
} ccurl_outcome;

/// Sends a message, on a connection of its own. It blocks until that is done or has failed.
ccurl_outcome ccurl_send(const ccurl_mail *mail);

#endif
