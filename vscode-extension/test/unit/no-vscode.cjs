/** Stands for the editor's interface where no editor is: nothing of it may be used. */
module.exports = {};
