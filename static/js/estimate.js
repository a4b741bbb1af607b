/** Tells how long an interview takes while it is set up. */

/** Round as the server does: a half goes to the even number. */
const rounded = (minutes) => (minutes % 1 === 0.5 ? 2 * Math.round(minutes / 2) : Math.round(minutes));

for (const form of document.querySelectorAll("form[data-estimate]")) {
  const text = form.querySelector("[data-estimate-text]");
  const show = () => {
    const questions = Number(form.elements.num_questions.value);
    const followUps = Number(form.elements.follow_ups_per_question.value);
    if (questions < 1 || questions > 20 || followUps < 0 || followUps > 3) return;
    text.textContent = `This takes about ${rounded(questions * (3 + followUps / 2))} minutes.`;
  };
  form.addEventListener("input", show);
  show();
}
