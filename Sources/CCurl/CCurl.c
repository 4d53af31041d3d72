#include "CCurl.h"

#include <curl/curl.h>
#include <string.h>

bool ccurl_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK; }

struct reader {
    const uint8_t *bytes;
    size_t count;
    size_t position;
};

static size_t read_message(char *buffer, size_t size, size_t count, void *context) {
    struct reader *reader = context;
    size_t room = size * count, rest = reader->count - reader->position;
    size_t taken = rest < room ? rest : room;
    memcpy(buffer, reader->bytes + reader->position, taken);
    reader->position += taken;
    return taken;
}

static bool begins_with(const char *text, size_t length, const char *word) {
    size_t count = strlen(word);
    return length >= count && strncmp(text, word, count) == 0;
}

// "550 5.1.1 text": the class, the subject and the detail, each of at most three digits.
static void note_status(ccurl_outcome *outcome, const char *line, size_t length) {
    outcome->status[0] = 0;
    if (length < 5) return;
    size_t end = 4, dots = 0;
    while (end < length && end - 4 < sizeof(outcome->status) - 1) {
        if (line[end] == '.') dots++;
        else if (line[end] < '0' || line[end] > '9') break;
        end++;
    }
    if (dots != 2 || line[4] == '.' || line[end - 1] == '.' || (end < length && line[end] != ' ' && line[end] != '\r')) return;
    memcpy(outcome->status, line + 4, end - 4);
    outcome->status[end - 4] = 0;
}

// Follows a conversation until we say good-bye, whether all went well or not.
struct follower {
    ccurl_outcome *outcome;
    bool is_over;
};

// What is said over the connection tells how far we are. Nothing of it is kept but codes.
static int follow(CURL *handle, curl_infotype type, char *data, size_t size, void *context) {
    (void)handle;
    struct follower *follower = context;
    ccurl_outcome *outcome = follower->outcome;
    if (follower->is_over) return 0;
    if (type == CURLINFO_HEADER_IN) {
        note_status(outcome, data, size);
    } else if (type == CURLINFO_HEADER_OUT) {
        follower->is_over = begins_with(data, size, "QUIT");
        if (follower->is_over) return 0;
        outcome->status[0] = 0;
        if (begins_with(data, size, "EHLO") || begins_with(data, size, "HELO") || begins_with(data, size, "STARTTLS"))
            outcome->stage = CCURL_STAGE_GREETING;
        else if (begins_with(data, size, "AUTH")) outcome->stage = CCURL_STAGE_AUTHENTICATION;
        else if (begins_with(data, size, "MAIL FROM")) outcome->stage = CCURL_STAGE_SENDER;
        else if (begins_with(data, size, "RCPT TO")) outcome->stage = CCURL_STAGE_RECIPIENT;
        else if (begins_with(data, size, "DATA")) outcome->stage = CCURL_STAGE_MESSAGE;
    }
    return 0;
}

static CURLcode set_options(CURL *handle, const ccurl_mail *mail, struct curl_slist *recipients, struct reader *reader, struct follower *follower) {
    CURLcode code;
#define SET(option, value) if ((code = curl_easy_setopt(handle, option, value)) != CURLE_OK) return code
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_URL, mail->url);
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
#else
    SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_SMTP | CURLPROTO_SMTPS));
#endif
    // No proxy that a variable of the environment names.
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_USE_SSL, (long)(mail->requires_tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    if (mail->authorities) SET(CURLOPT_CAINFO, mail->authorities);
    if (mail->user) SET(CURLOPT_USERNAME, mail->user);
    if (mail->password) SET(CURLOPT_PASSWORD, mail->password);
    SET(CURLOPT_CONNECTTIMEOUT_MS, mail->connect_milliseconds);
    SET(CURLOPT_TIMEOUT_MS, mail->total_milliseconds);
    SET(CURLOPT_MAIL_FROM, mail->sender);
    SET(CURLOPT_MAIL_RCPT, recipients);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_READFUNCTION, read_message);
    SET(CURLOPT_READDATA, reader);
    SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)mail->message_count);
    SET(CURLOPT_DEBUGFUNCTION, follow);
    SET(CURLOPT_DEBUGDATA, follower);
    SET(CURLOPT_VERBOSE, 1L);
#undef SET
    return CURLE_OK;
}

ccurl_outcome ccurl_send(const ccurl_mail *mail) {
    ccurl_outcome outcome = {.code = CURLE_OUT_OF_MEMORY, .words = "", .stage = CCURL_STAGE_CONNECT};
    struct reader reader = {.bytes = mail->message, .count = mail->message_count};
    struct follower follower = {.outcome = &outcome};
    CURL *handle = curl_easy_init();
    struct curl_slist *recipients = curl_slist_append(NULL, mail->recipient);
    if (handle && recipients) {
        outcome.code = set_options(handle, mail, recipients, &reader, &follower);
        if (outcome.code == CURLE_OK) {
            outcome.code = curl_easy_perform(handle);
            long reply = 0;
            curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply);
            outcome.reply = (int)reply;
        }
    }
    outcome.words = curl_easy_strerror(outcome.code);
    curl_slist_free_all(recipients);
    curl_easy_cleanup(handle);
    return outcome;
}
