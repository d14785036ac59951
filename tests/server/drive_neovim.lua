-- Does in Neovim what a user does, and prints what was seen, a line a step.
local limit = 120000
local function say(step, seen) io.stdout:write(step .. ": " .. tostring(seen):gsub("\n", " ") .. "\n") end
local function position(line, column)
  return {
    textDocument = vim.lsp.util.make_text_document_params(0),
    position = { line = line, character = column },
  }
end
local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, limit) or {}
  for _, answer in pairs(answers) do
    if answer.error then error(answer.error.message) end
    return answer.result
  end
  error("no answer to " .. method)
end
local function goto_line(line, column) vim.api.nvim_win_set_cursor(0, { line + 1, column }) end

local ok, problem = pcall(function()
  vim.cmd("edit program.imgql")
  vim.wait(limit, function() return #vim.diagnostic.get(0) > 0 end, 20)
  for _, found in ipairs(vim.diagnostic.get(0)) do say("diagnostic", found.message) end
  vim.api.nvim_buf_set_lines(0, 3, 4, false, {})
  vim.wait(limit, function() return #vim.diagnostic.get(0) == 0 end, 20)
  say("after a fix", #vim.diagnostic.get(0))
  local hover = ask("textDocument/hover", position(1, 5))
  say("hover", hover.contents.value)
  goto_line(1, 15)
  vim.lsp.buf.definition()
  vim.wait(limit, function() return vim.api.nvim_win_get_cursor(0)[1] == 1 end, 20)
  say("definition", "line " .. vim.api.nvim_win_get_cursor(0)[1])
  vim.lsp.buf.rename("side")
  vim.wait(limit, function() return vim.fn.getline(1):find("side") ~= nil end, 20)
  for _, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do say("renamed", line) end
  local result = ask("workspace/executeCommand", {
    command = "imgql.server.run",
    arguments = { vim.uri_from_bufnr(0) },
  })
  say("run", result.goals[1].label .. "=" .. result.goals[1].value)
  if vim.fn.exists(":VoxlogicaRun") == 2 then
    vim.cmd("VoxlogicaRun")
    vim.wait(limit, function() return vim.fn.execute("messages"):find("area=16") ~= nil end, 20)
    say("command", vim.fn.execute("messages"):match("area=%d+"))
  end
end)
if not ok then say("problem", problem) end
vim.cmd("qall!")
