/** What the room does; `Room.enter` is the one place that moves it from one of these to another. */

export const ANSWERING = "answering"; // a question is open, and waits for words
export const SENDING = "sending"; // an answer is on its way; it is kept here until it has arrived
export const SAVED = "saved"; // the server has the answer, and the next state is on its way
export const TIME_OVER = "time-over"; // nothing was written in time; what comes next is asked for
export const WORKING = "working"; // no question is open yet; it is asked for
export const OVER = "over"; // there are no more questions
