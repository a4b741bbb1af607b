/** Whether sound can be recorded in this browser. */

/** Say why it cannot, or nothing if it can. */
export function whyNoSound() {
  if (!window.isSecureContext) return "Speaking needs a secure address (https), so answers are typed here.";
  const can = navigator.mediaDevices?.getUserMedia && window.MediaRecorder;
  return can ? "" : "This browser cannot record sound, so answers are typed.";
}

/** Say why answers are typed only, or nothing if they can be spoken. */
export const whyTyped = (live) => (live ? whyNoSound() : "Speaking needs a live connection, which is not there, so answers are typed.");
