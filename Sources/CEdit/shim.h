// libedit 3.1 (BSD-3-Clause; Debian: libedit-dev): line editing with history.
//
// Its calls that take any number of arguments cannot be made from Swift: each stands here with fixed ones.
#ifndef FUNDWATCH_CEDIT_SHIM_H
#define FUNDWATCH_CEDIT_SHIM_H

#include <histedit.h>
#include <stdbool.h>

typedef char *(*edit_prompt_function)(EditLine *);
typedef unsigned char (*edit_key_function)(EditLine *, int);

/// Starts an editor on standard input that shows what is typed on standard output, or on standard error.
static inline EditLine *edit_open(bool on_standard_error, void *client, edit_prompt_function prompt) {
    EditLine *edit = el_init("fundwatch", stdin, on_standard_error ? stderr : stdout, stderr);
    if (!edit) return edit;
    el_set(edit, EL_CLIENTDATA, client);
    el_set(edit, EL_PROMPT, prompt);
    el_set(edit, EL_EDITOR, "emacs");
    el_set(edit, EL_SIGNAL, 1);
    return edit;
}

static inline void *edit_client(EditLine *edit) {
    void *client = 0;
    el_get(edit, EL_CLIENTDATA, &client);
    return client;
}

static inline void edit_add_function(EditLine *edit, const char *name, edit_key_function function) {
    el_set(edit, EL_ADDFN, name, name, function);
}

static inline void edit_bind(EditLine *edit, const char *key, const char *function) {
    el_set(edit, EL_BIND, key, function, (const char *)0);
}

/// While a line is edited, Ctrl-C and Ctrl-Z are keys like any other.
static inline void edit_take_signal_keys(EditLine *edit) { el_set(edit, EL_SETTY, "-d", "-isig", (const char *)0); }

static inline void edit_use_history(EditLine *edit, History *log, int size) {
    HistEvent event;
    history(log, &event, H_SETSIZE, size);
    history(log, &event, H_SETUNIQUE, 1);
    el_set(edit, EL_HIST, history, log);
}

static inline void edit_remember(History *log, const char *text) {
    HistEvent event;
    history(log, &event, H_ENTER, text);
}

#endif
