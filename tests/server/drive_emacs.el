;;; Does in Emacs what a user does, and prints what was seen, a line a step.  -*- lexical-binding: t -*-
(setq eglot-sync-connect 120 eglot-connect-timeout 120 jsonrpc-default-request-timeout 120 eglot-confirm-server-initiated-edits nil)

(defun drive-say (step seen)
  (princ (format "%s: %s\n" step (replace-regexp-in-string "\n" " " (format "%s" seen)))))

(defun drive-wait (wanted)
  "Let Emacs work until WANTED returns something."
  (let ((end (+ (float-time) 120)))
    (while (not (or (funcall wanted) (> (float-time) end)))
      (accept-process-output nil 0.05))
    (funcall wanted)))

(defun drive-complaints ()
  (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))

(find-file "program.imgql")
(call-interactively #'eglot)
(flymake-start)
(drive-wait #'drive-complaints)
(dolist (text (drive-complaints)) (drive-say "diagnostic" text))

(goto-char (point-min))
(forward-line 3)
(delete-region (point) (line-beginning-position 2))
(eglot--signal-textDocument/didChange)
(drive-wait (lambda () (flymake-start) (null (drive-complaints))))
(drive-say "after a fix" (length (drive-complaints)))

(goto-char (point-min))
(search-forward "let area")
(let ((hover (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover
                              (eglot--TextDocumentPositionParams))))
  (drive-say "hover" (plist-get (plist-get hover :contents) :value)))

(search-forward "* edge")
(backward-char 2)
(let ((place (xref-item-location (car (xref-backend-definitions 'eglot "edge")))))
  (goto-char (xref-location-marker place))
  (drive-say "definition" (format "line %d" (line-number-at-pos))))

(eglot-rename "side")
(dolist (line (split-string (buffer-string) "\n" t)) (drive-say "renamed" line))

(if (not (fboundp 'voxlogica-run))
    (let* ((result (eglot-execute-command (eglot--current-server-or-lose) "imgql.server.run"
                                          (vector (eglot--path-to-uri buffer-file-name))))
           (goal (aref (plist-get result :goals) 0)))
      (drive-say "run" (format "%s=%s" (plist-get goal :label) (plist-get goal :value))))
  (let ((inhibit-message t)) (voxlogica-run))
  (drive-say "run" (with-current-buffer (messages-buffer)
                     (goto-char (point-max))
                     (re-search-backward "area=[0-9]+")
                     (match-string 0))))
(set-buffer-modified-p nil)
(eglot-shutdown-all)
