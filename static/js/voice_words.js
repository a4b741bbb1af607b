/** What the microphone says beside its button. */
export const sayings = {
  opening: "Opening the microphone…",
  ready: "The microphone is ready. Hold the button and speak, or click it once.",
  listening: "Listening. Speak when you are ready.",
  heard: "I can hear you.",
  pause: "You paused.",
  silent: "I hear nothing. Is the microphone on, and near enough?",
  loud: "This is very loud. Move back from the microphone a little.",
  full: "This recording is full. Press Speak to go on with another one.",
  cut: "No connection; I keep recording.",
  back: "The connection is back. Nothing is lost.",
  kept: "No connection. The recording is kept here, and written down as soon as it is back.",
  writing: "Writing down what you said…",
  read: "This is what I heard. Read it, and correct what is wrong.",
  unsure: "Please read it through: some words were hard to hear.",
  nothing: "I heard nothing. Say it again nearer to the microphone, or type your answer.",
};
